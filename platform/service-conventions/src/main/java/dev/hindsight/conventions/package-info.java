/**
 * What the doors of the four services have in common, and nothing of any one of them.
 *
 * <p>Begin at {@code http}: how a request becomes a command and its answer a response. {@code problem} is how it is refused,
 * {@code security} who may come in, {@code paging} lists, {@code openapi} what the document says about it all. The defaults
 * that the services share are in {@code META-INF/microprofile-config.properties}.
 */
@NullMarked
package dev.hindsight.conventions;

import org.jspecify.annotations.NullMarked;
