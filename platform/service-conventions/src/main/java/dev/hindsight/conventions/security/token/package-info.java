/**
 * Machines come in with {@code Authorization: Bearer hst_…}, a token that an admin issued at the incident-service.
 *
 * <p>{@link dev.hindsight.conventions.security.token.ApiTokenSecret} is what the machine holds; only its SHA-256 is stored.
 * {@link dev.hindsight.conventions.security.token.ApiTokenProjection} grows the table {@code api_token} in every service, so
 * that one token is valid and one revocation enough at all four;
 * {@link dev.hindsight.conventions.security.token.ApiTokenAuthentication} reads the header, and
 * {@link dev.hindsight.conventions.security.token.ApiTokens} looks it up.
 */
@NullMarked
package dev.hindsight.conventions.security.token;

import org.jspecify.annotations.NullMarked;
