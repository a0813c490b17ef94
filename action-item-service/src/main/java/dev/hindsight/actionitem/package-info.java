/**
 * Action items: the work that an incident leaves behind, and whether it gets done.
 *
 * <p>Begin with {@link dev.hindsight.actionitem.domain.ActionItemCommand}, the table of contents, and
 * {@link dev.hindsight.actionitem.domain.ActionItem}, the behaviour. {@code application} is the only write path, {@code api}
 * translates, {@code view} reads.
 */
@NullMarked
package dev.hindsight.actionitem;

import org.jspecify.annotations.NullMarked;
