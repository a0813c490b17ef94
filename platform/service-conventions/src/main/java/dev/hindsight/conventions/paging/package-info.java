/**
 * Lists in pages: take a {@link dev.hindsight.conventions.paging.PageQuery} as {@code @BeanParam}, read one row more than
 * its limit, and answer a {@link dev.hindsight.conventions.paging.Page} whose {@code next} is a
 * {@link dev.hindsight.conventions.paging.Cursor}: the sort values of the last row, opaque to the client.
 */
@NullMarked
package dev.hindsight.conventions.paging;

import org.jspecify.annotations.NullMarked;
