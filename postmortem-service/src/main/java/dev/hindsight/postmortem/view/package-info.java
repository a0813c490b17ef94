/**
 * What is read: timelines, incidents, people and action items as others' events tell of them, and this service's own
 * documents.
 *
 * <p>{@link dev.hindsight.postmortem.view.EventIntake} takes what Kafka brings to the projections, which write; the
 * {@code …View} entities are the same tables, read only; the {@code …Query} classes answer the API's questions. Names of
 * people are joined here, when somebody reads.
 */
@NullMarked
package dev.hindsight.postmortem.view;

import org.jspecify.annotations.NullMarked;
