/**
 * From an HTTP request to a command, and from its answer back.
 *
 * <p>A resource injects {@link dev.hindsight.conventions.http.RequestContext} and asks it for the {@code CommandContext}:
 * who asks, when, at which version (If-Match), once (Idempotency-Key). {@link dev.hindsight.conventions.http.Answers} makes
 * the answer that is stored with the command and sent to the client. {@link dev.hindsight.conventions.http.RequestBody}
 * bounds every body and fingerprints it; {@link dev.hindsight.conventions.http.RequestRules} refuses query parameters that
 * nobody reads. {@link dev.hindsight.conventions.http.TimeParam} reads instants and UTC dates,
 * {@link dev.hindsight.conventions.http.NumberParam} whole numbers. {@link dev.hindsight.conventions.http.HindsightAfter} lets
 * a reader wait for what they wrote elsewhere.
 */
@NullMarked
package dev.hindsight.conventions.http;

import org.jspecify.annotations.NullMarked;
