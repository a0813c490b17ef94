/**
 * Signing in and out with a browser: {@code /login} and {@code /logout} of every service.
 *
 * <p>{@link dev.hindsight.conventions.login.LoginResource} leads to the OIDC provider where one is configured. Where a static
 * key vouches for tokens instead, it takes a {@link dev.hindsight.conventions.login.LoginLinks one-time link} that the holder
 * of the private key printed, or says how to get one. {@link dev.hindsight.conventions.login.LocalTarget} keeps it from
 * sending anybody elsewhere.
 */
@NullMarked
package dev.hindsight.conventions.login;

import org.jspecify.annotations.NullMarked;
