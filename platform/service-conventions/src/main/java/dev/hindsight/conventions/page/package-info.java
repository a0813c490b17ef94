/**
 * Pages for people: one layout, one stylesheet, no script.
 *
 * <p>A page is a Qute template that includes {@code hindsight/layout}, takes a
 * {@link dev.hindsight.conventions.page.Frame} (who is signed in, where home is) from
 * {@link dev.hindsight.conventions.page.Frames}, and fills {@code title} and {@code main}. Its operation produces
 * {@code text/html}; {@link dev.hindsight.conventions.page.PageHeaders} adds the strict Content-Security-Policy and keeps it
 * out of caches. The stylesheet is {@code META-INF/resources/assets/hindsight.css}: light and dark, narrow and printed.
 */
@NullMarked
package dev.hindsight.conventions.page;

import org.jspecify.annotations.NullMarked;
