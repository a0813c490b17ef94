/**
 * The only write path of this service: {@link dev.hindsight.actionitem.application.ActionItemHandler} loads an item, lets the
 * domain decide, and appends what was decided together with the item's row, its history and the answer.
 */
@NullMarked
package dev.hindsight.actionitem.application;

import org.jspecify.annotations.NullMarked;
