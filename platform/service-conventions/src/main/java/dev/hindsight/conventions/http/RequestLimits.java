package dev.hindsight.conventions.http;

import dev.hindsight.conventions.HindsightConfig;
import dev.hindsight.conventions.problem.Problem;
import dev.hindsight.conventions.problem.ProblemRoutes;
import dev.hindsight.conventions.problem.ProblemType;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * No body is larger than the limit, but those of streamed paths. A length that is announced is refused before anything of
 * it is read; one that is not (chunked) is counted by {@link RequestBody}.
 */
@ApplicationScoped
public class RequestLimits {

    private static final int AFTER_TRACE = 900;

    private final long maxBody;
    private final Set<String> streamedPaths;

    RequestLimits(HindsightConfig config) {
        this.maxBody = config.http().maxBody().asLongValue();
        this.streamedPaths = Set.copyOf(config.http().streamedPaths());
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, AFTER_TRACE);
    }

    long maxBody() {
        return maxBody;
    }

    boolean isStreamed(RoutingContext request) {
        return streamedPaths.contains(request.normalizedPath());
    }

    Problem tooLarge() {
        return Problem.of(ProblemType.TOO_LARGE, "A body may have " + maxBody + " bytes.");
    }

    private void check(RoutingContext request) {
        Long length = announced(request.request().getHeader("Content-Length"));
        if (length != null && length > maxBody && !isStreamed(request)) {
            // What the client still sends is not read; it may be busy sending, so the connection cannot go on.
            request.response().putHeader("Connection", "close");
            request.response().endHandler(done -> request.request().connection().close());
            ProblemRoutes.end(request, tooLarge());
        } else {
            if (hasNoBody(request.request(), length)) {
                // JAX-RS looks for a reader even where there is nothing to read.
                request.request().headers().set(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON);
            }
            request.next();
        }
    }

    private static boolean hasNoBody(HttpServerRequest request, @Nullable Long length) {
        return request.getHeader(HttpHeaders.CONTENT_TYPE) == null
                && (length == null || length == 0)
                && request.getHeader("Transfer-Encoding") == null
                && (length != null || request.version() != HttpVersion.HTTP_2)
                && !request.method().equals(HttpMethod.GET);
    }

    private static @Nullable Long announced(@Nullable String contentLength) {
        try {
            return contentLength == null ? null : Long.valueOf(contentLength);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }
}
