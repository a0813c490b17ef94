package dev.hindsight.conventions.security.session;

import io.quarkus.vertx.http.runtime.filters.Filters;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.HttpHeaders;

/**
 * A request that does not open a page has no cookies here. Whatever reads cookies later, Quarkus' OIDC included, cannot be
 * talked into taking one for a command or for data: there is nothing to forge across sites.
 */
@ApplicationScoped
public class CookiesForPagesOnly {

    private static final int BEFORE_ANYBODY_READS_THEM = 950;

    void register(@Observes Filters filters) {
        filters.register(
                request -> {
                    if (!PageRequest.isOne(request)) {
                        request.request().headers().remove(HttpHeaders.COOKIE);
                    }
                    request.next();
                },
                BEFORE_ANYBODY_READS_THEM);
    }
}
