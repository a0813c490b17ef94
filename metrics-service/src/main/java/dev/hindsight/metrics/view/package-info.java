/**
 * Facts from events, and numbers from facts.
 *
 * <p>{@link dev.hindsight.metrics.view.EventIntake} receives the three topics; one projection for each keeps its fact table
 * with history rows ({@link dev.hindsight.metrics.view.HistoryRows}). {@link dev.hindsight.metrics.view.MetricSql}
 * translates a definition and a question to one statement, {@link dev.hindsight.metrics.view.MetricQueries} runs it, and
 * {@link dev.hindsight.metrics.view.MetricGauges} does so on a schedule for Prometheus.
 */
@NullMarked
package dev.hindsight.metrics.view;

import org.jspecify.annotations.NullMarked;
