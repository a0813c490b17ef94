/**
 * One trace id through request, log and event, and the numbers for Prometheus.
 *
 * <p>{@link dev.hindsight.conventions.observability.Trace} reads or makes the W3C traceparent and puts its id into every log
 * line; {@link dev.hindsight.conventions.observability.MetricsResource} serves {@code /q/metrics} to viewers.
 */
@NullMarked
package dev.hindsight.conventions.observability;

import org.jspecify.annotations.NullMarked;
