/**
 * What every service offers to those who run it or read along. For admins: looking at the events that a consumer could not
 * apply, having them tried again or given up ({@link dev.hindsight.conventions.operations.ParkedEventResource}), and sending
 * everything to a lost topic again ({@link dev.hindsight.conventions.operations.RepublicationResource}). For viewers: the
 * feed of what was published ({@link dev.hindsight.conventions.operations.EventFeedResource}), the raw streams and their
 * verification ({@link dev.hindsight.conventions.operations.StreamResource}). Which raw events somebody may not see is
 * decided in {@link dev.hindsight.conventions.operations.Disclosure}, and
 * {@link dev.hindsight.conventions.operations.Mentions} know which of the others name incidents besides their own.
 */
@NullMarked
package dev.hindsight.conventions.operations;

import org.jspecify.annotations.NullMarked;
