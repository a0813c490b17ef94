/**
 * The door of the metrics service: {@link dev.hindsight.metrics.api.MetricResource} translates a request to a question and
 * the measurement to an answer. Everything here only reads, and needs the role viewer.
 */
@NullMarked
package dev.hindsight.metrics.api;

import org.jspecify.annotations.NullMarked;
