package dev.hindsight.conventions.problem;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Problems of requests that never reach JAX-RS. */
@ApplicationScoped
public class ProblemRoutes {

    private static final Pattern SECRET_IN_PATH = Pattern.compile("(/webhooks/[^/]+/[^/]+)/.+");

    void register(@Observes Router router) {
        router.errorHandler(
                404, request -> end(request, Problem.of(ProblemType.NOT_FOUND, "There is nothing at this address.")));
        router.errorHandler(
                405,
                request -> end(
                        request,
                        Problem.of(
                                ProblemType.METHOD_NOT_ALLOWED,
                                request.request().method() + " is not possible at this address.")));
    }

    /** Answers, unless somebody else already has. */
    public static void end(RoutingContext request, Problem problem) {
        if (!request.response().ended() && !request.response().headWritten()) {
            request.response()
                    .setStatusCode(problem.status())
                    .putHeader("Content-Type", Problem.MEDIA_TYPE)
                    .end(problem.at(shownPath(request)).toJson());
        }
    }

    /** The path as it may be logged and answered: the secret that some tools can only put into it is left out. */
    static String shownPath(RoutingContext request) {
        String path = request.normalizedPath();
        Matcher secret = SECRET_IN_PATH.matcher(path);
        return secret.matches() ? secret.group(1) + "/…" : path;
    }
}
