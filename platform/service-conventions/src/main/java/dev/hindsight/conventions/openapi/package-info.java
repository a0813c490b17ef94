/**
 * What every operation under {@code /api} has in common, written into the OpenAPI document instead of on each method:
 * the bearer scheme and required role, the problems that can occur with an example each, Idempotency-Key, If-Match, ETag and
 * Hindsight-Version. {@link dev.hindsight.conventions.openapi.ConventionsFilter} reads it from the resource methods. The
 * document is sorted, so that it can be committed and compared.
 */
@NullMarked
package dev.hindsight.conventions.openapi;

import org.jspecify.annotations.NullMarked;
