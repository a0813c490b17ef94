/**
 * A person's browser comes in with a cookie, which opens pages and nothing else.
 *
 * <p>{@link dev.hindsight.conventions.security.session.PageRequest} says which requests open a page: GET or HEAD of HTML, by
 * navigation. {@link dev.hindsight.conventions.security.session.CookiesForPagesOnly} takes the cookies away from every other
 * request before anybody can look at them, and
 * {@link dev.hindsight.conventions.security.session.PagesForCookiesOnly} lets a cookie reach only operations that answer
 * HTML. There are two kinds of cookies: those of the OIDC code flow
 * ({@link dev.hindsight.conventions.security.session.BrowserTenant}; Quarkus' own), and, where a static key vouches for
 * tokens, the {@link dev.hindsight.conventions.security.session.Session} that a login link begins. Both are sealed with keys
 * that follow from {@code HINDSIGHT_ENCRYPTION_KEY}, so that all four services read them.
 */
@NullMarked
package dev.hindsight.conventions.security.session;

import org.jspecify.annotations.NullMarked;
