/**
 * What is measured, and on what.
 *
 * <p>{@link dev.hindsight.metrics.domain.Metrics} is the table of contents: every metric as data, with the words of its
 * definition. {@link dev.hindsight.metrics.domain.Span} says from when to when a length of time runs and what happens when
 * one of the two is missing; {@link dev.hindsight.metrics.domain.CalendarFact} which shift a page falls in. {@link dev.hindsight.metrics.domain.IncidentFact},
 * {@link dev.hindsight.metrics.domain.PostmortemFact} and {@link dev.hindsight.metrics.domain.ActionItemFact} fold the
 * events of one stream into what metrics need of it. Pure: no clock, no I/O.
 */
@NullMarked
package dev.hindsight.metrics.domain;

import org.jspecify.annotations.NullMarked;
