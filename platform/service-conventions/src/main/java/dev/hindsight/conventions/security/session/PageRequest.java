package dev.hindsight.conventions.security.session;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.MIMEHeader;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the request of a browser says about itself, in headers that no script can set (Fetch Metadata, W3C). */
public final class PageRequest {

    private static final Set<String> HTML = Set.of("text/html", "application/xhtml+xml");

    private PageRequest() {}

    /**
     * Whether it opens a page: GET or HEAD, HTML wanted before anything else, no Authorization header, and, where the
     * browser tells, a navigation of the whole tab. What a script fetches, an image or a form is none.
     */
    public static boolean isOne(RoutingContext request) {
        HttpServerRequest http = request.request();
        return (http.method().equals(HttpMethod.GET) || http.method().equals(HttpMethod.HEAD))
                && http.getHeader(HttpHeaders.AUTHORIZATION) == null
                && isAbsentOr(http.getHeader("Sec-Fetch-Mode"), "navigate")
                && isAbsentOr(http.getHeader("Sec-Fetch-Dest"), "document")
                && wantsHtml(request);
    }

    /** Whether a page of this very service led here, or the person typed the address. Not known is no. */
    public static boolean isOfThisOrigin(RoutingContext request) {
        HttpServerRequest http = request.request();
        String site = http.getHeader("Sec-Fetch-Site");
        if (site != null) {
            return site.equals("same-origin") || site.equals("none");
        }
        String referer = http.getHeader("Referer");
        if (referer == null || http.authority() == null) {
            return false;
        }
        try {
            return http.authority().toString().equals(URI.create(referer).getAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean wantsHtml(RoutingContext request) {
        List<MIMEHeader> accepted = request.parsedHeaders().accept();
        if (accepted.isEmpty()) {
            return false;
        }
        // Vert.x reads a header that stands alone only when it is asked for this: component() of one is null.
        return HTML.contains(accepted.getFirst().value().toLowerCase(Locale.ROOT));
    }

    private static boolean isAbsentOr(@Nullable String header, String wanted) {
        return header == null || header.equals(wanted);
    }
}
