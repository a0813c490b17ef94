/**
 * How JSON is read and written: unknown fields refused, depth and lengths bounded, times as RFC 3339, absent values as
 * null. {@link dev.hindsight.conventions.json.JsonBlame} tells a client which field of its body is to blame and what would
 * have been accepted.
 */
@NullMarked
package dev.hindsight.conventions.json;

import org.jspecify.annotations.NullMarked;
