/**
 * What the organisation learns from its incidents, in numbers.
 *
 * <p>{@code domain} holds the definitions of the metrics as data and the facts that they are measured on; {@code view}
 * keeps those facts, with their history, from the events of the three other services, and asks PostgreSQL for the numbers;
 * {@code api} answers with them. Nothing is decided here and nothing is published.
 */
@NullMarked
package dev.hindsight.metrics;

import org.jspecify.annotations.NullMarked;
