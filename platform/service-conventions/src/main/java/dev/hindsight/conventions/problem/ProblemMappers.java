package dev.hindsight.conventions.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.contract.refusal.Invalid.Violation;
import dev.hindsight.contract.refusal.Refused;
import dev.hindsight.conventions.json.JsonBlame;
import dev.hindsight.conventions.observability.Trace;
import dev.hindsight.conventions.security.session.PageRequest;
import dev.hindsight.conventions.security.session.PagesForCookiesOnly;
import dev.hindsight.eventstore.Contended;
import dev.hindsight.eventstore.IdempotencyKeyReused;
import dev.hindsight.eventstore.StaleVersion;
import dev.hindsight.eventstore.StreamUnreadable;
import dev.hindsight.eventstore.Transience;
import io.quarkus.security.AuthenticationCompletionException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.smallrye.mutiny.TimeoutException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.ext.web.RoutingContext;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.ValidationException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** The one place where an exception becomes an answer. Only what is meant for clients shows its message. */
public final class ProblemMappers {

    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);
    private static final Pattern CAMEL = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");
    private static final String RETRY_AFTER_SECONDS = "2";

    @ServerExceptionMapper
    public Response refused(Refused refused, RoutingContext request) {
        return answer(request, Problem.refused(refused.reasons()));
    }

    @ServerExceptionMapper
    public Response invalid(Invalid invalid, RoutingContext request) {
        return answer(request, Problem.invalid(invalid.violations()));
    }

    @ServerExceptionMapper
    public Response violated(ConstraintViolationException violated, RoutingContext request) {
        return validation(violated, request);
    }

    /** Quarkus has a mapper of its own for the supertype, and its own subtype for resource methods. */
    @ServerExceptionMapper
    public Response validation(ValidationException failed, RoutingContext request) {
        if (failed instanceof ConstraintViolationException violated) {
            List<Violation> violations = new ArrayList<>();
            for (var violation : violated.getConstraintViolations()) {
                String field = ViolationPath.of(violation.getPropertyPath());
                if (field == null) {
                    return unexpected(failed, request);
                }
                String constraint = violation
                        .getConstraintDescriptor()
                        .getAnnotation()
                        .annotationType()
                        .getSimpleName();
                violations.add(new Violation(
                        field,
                        CAMEL.matcher(constraint).replaceAll("_").toUpperCase(Locale.ROOT),
                        (field.isEmpty() ? "The body" : field) + " " + violation.getMessage() + "."));
            }
            violations.sort(Comparator.comparing(Violation::field).thenComparing(Violation::code));
            return answer(request, Problem.invalid(violations));
        }
        return unexpected(failed, request);
    }

    @ServerExceptionMapper
    public Response unreadable(JsonProcessingException unreadable, RoutingContext request) {
        return JsonBlame.isOfRequest(unreadable)
                ? answer(request, Problem.invalid(JsonBlame.of(unreadable)))
                : unexpected(unreadable, request);
    }

    /** Quarkus has a mapper of its own for this subtype. */
    @ServerExceptionMapper
    public Response mismatched(MismatchedInputException mismatched, RoutingContext request) {
        return unreadable(mismatched, request);
    }

    @ServerExceptionMapper
    public Response stale(StaleVersion stale, RoutingContext request) {
        return answer(
                request,
                Problem.of(
                        ProblemType.STALE_VERSION,
                        "You asked for version " + stale.expected() + ", but it is at version " + stale.actual()
                                + ". Read it again and decide again."));
    }

    @ServerExceptionMapper
    public Response reused(IdempotencyKeyReused reused, RoutingContext request) {
        return answer(
                request,
                Problem.of(
                        ProblemType.IDEMPOTENCY_KEY_REUSED,
                        "This Idempotency-Key came before with another body. Take a new key for a new request."));
    }

    @ServerExceptionMapper
    public Response notFound(NotFound missing, RoutingContext request) {
        return answer(request, Problem.of(ProblemType.NOT_FOUND, missing.getMessage()));
    }

    @ServerExceptionMapper
    public Response preconditionRequired(PreconditionRequired required, RoutingContext request) {
        return answer(request, Problem.of(ProblemType.PRECONDITION_REQUIRED, required.getMessage()));
    }

    @ServerExceptionMapper
    public Response tooLarge(BodyTooLarge tooLarge, RoutingContext request) {
        return answer(request, Problem.of(ProblemType.TOO_LARGE, tooLarge.getMessage()));
    }

    @ServerExceptionMapper
    public Response tooMany(TooManyRequests tooMany, RoutingContext request) {
        return builder(request, Problem.of(ProblemType.TOO_MANY_REQUESTS, tooMany.getMessage()))
                .header(
                        HttpHeaders.RETRY_AFTER,
                        Math.max(1, tooMany.retryAfter().plusMillis(999).toSeconds()))
                .build();
    }

    @ServerExceptionMapper
    public Response contended(Contended contended, RoutingContext request) {
        return unavailable(request, "Many others are changing the same thing. Nothing was changed; try again.");
    }

    @ServerExceptionMapper
    public Response newer(StreamUnreadable newer, RoutingContext request) {
        LOG.errorf("%s", newer.getMessage());
        return unavailable(
                request, "A newer version of Hindsight wrote to this; this instance has to be updated first.");
    }

    @ServerExceptionMapper
    public Response unauthenticated(UnauthorizedException unauthorized, RoutingContext request, ResourceInfo resource) {
        if (PageRequest.isOne(request) && PagesForCookiesOnly.isPage(resource.getResourceMethod())) {
            return toLogin(request);
        }
        return challenge(request, "Send Authorization: Bearer with a token.", "Bearer");
    }

    @ServerExceptionMapper
    public Response unauthenticated(
            AuthenticationFailedException failed, RoutingContext request, ResourceInfo resource) {
        LOG.debug("a token was refused", failed);
        if (PageRequest.isOne(request) && PagesForCookiesOnly.isPage(resource.getResourceMethod())) {
            return toLogin(request);
        }
        return challenge(
                request,
                "The token is not valid: it has expired, or its issuer, audience or signature is not accepted.",
                "Bearer error=\"invalid_token\"");
    }

    @ServerExceptionMapper
    public Response notSignedIn(AuthenticationCompletionException failed, RoutingContext request) {
        LOG.warnf("signing in with a browser failed: %s", failed.getMessage());
        return challenge(request, "Signing in did not work. Begin again at /login.", "Bearer");
    }

    @ServerExceptionMapper
    public Response forbidden(ForbiddenException forbidden, RoutingContext request) {
        return answer(request, Problem.of(ProblemType.FORBIDDEN, "A higher role is needed for this operation."));
    }

    @ServerExceptionMapper
    public Response http(WebApplicationException failure, RoutingContext request) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof Invalid invalid) {
                return invalid(invalid, request);
            }
            if (cause instanceof JsonProcessingException json && JsonBlame.isOfRequest(json)) {
                return unreadable(json, request);
            }
        }
        Response response = failure.getResponse();
        Problem problem =
                switch (response.getStatus()) {
                    case 400 -> Problem.of(ProblemType.INVALID_REQUEST, "The request cannot be read.");
                    case 401 -> Problem.of(ProblemType.UNAUTHENTICATED, null);
                    case 403 -> Problem.of(ProblemType.FORBIDDEN, null);
                    case 404 -> Problem.of(ProblemType.NOT_FOUND, "There is nothing at this address.");
                    case 405 ->
                        Problem.of(
                                ProblemType.METHOD_NOT_ALLOWED,
                                request.request().method() + " is not possible at this address.");
                    case 406 ->
                        Problem.of(
                                ProblemType.NOT_ACCEPTABLE,
                                "This cannot be represented as "
                                        + request.request().getHeader("Accept") + ".");
                    case 413 -> Problem.of(ProblemType.TOO_LARGE, null);
                    case 415 ->
                        Problem.of(
                                ProblemType.UNSUPPORTED_MEDIA_TYPE,
                                request.request().getHeader("Content-Type") instanceof String given
                                        ? "A body of type " + given + " is not read here."
                                        : "Say in Content-Type what the body is.");
                    default -> null;
                };
        if (response.getStatus() >= 500) {
            return unexpected(failure, request);
        }
        if (problem == null) {
            return response;
        }
        Response.ResponseBuilder answer = builder(request, problem);
        response.getHeaders().forEach((name, values) -> {
            if (!name.equalsIgnoreCase(HttpHeaders.CONTENT_TYPE)
                    && !name.equalsIgnoreCase(HttpHeaders.CONTENT_LENGTH)) {
                values.forEach(value -> answer.header(name, value));
            }
        });
        if (problem.status() == 401) {
            answer.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        return answer.build();
    }

    /** Its own mapper, so that Quarkus' page of all endpoints never shows. */
    @ServerExceptionMapper
    public Response noSuchAddress(NotFoundException failure, RoutingContext request) {
        return http(failure, request);
    }

    @ServerExceptionMapper
    public Response unexpected(Throwable failure, RoutingContext request) {
        if (isPassing(failure)) {
            LOG.warnf("%s %s: unavailable: %s", request.request().method(), ProblemRoutes.shownPath(request), failure);
            return unavailable(request, "The database does not answer. Nothing is lost; try again.");
        }
        LOG.errorf(failure, "%s %s: unexpected failure", request.request().method(), ProblemRoutes.shownPath(request));
        String trace = Trace.of(request).traceId();
        return builder(
                        request,
                        Problem.of(
                                        ProblemType.INTERNAL,
                                        "An unexpected failure; the log has the details under this trace id.")
                                .traced(trace))
                .build();
    }

    private static boolean isPassing(Throwable failure) {
        if (Transience.isTransient(failure)) {
            return true;
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            // The pool's own timeout is a bare Throwable with nothing but its text.
            if (cause instanceof TimeoutException
                    || (cause instanceof NoStackTraceThrowable && "Timeout".equals(cause.getMessage()))) {
                return true;
            }
        }
        return false;
    }

    private static Response unavailable(RoutingContext request, String detail) {
        return builder(
                        request,
                        Problem.of(ProblemType.UNAVAILABLE, detail)
                                .traced(Trace.of(request).traceId()))
                .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
                .build();
    }

    private static Response toLogin(RoutingContext request) {
        String wanted = request.request().uri();
        return Response.seeOther(URI.create("/login?to=" + URLEncoder.encode(wanted, StandardCharsets.UTF_8)))
                .build();
    }

    private static Response challenge(RoutingContext request, String detail, String challenge) {
        return builder(request, Problem.of(ProblemType.UNAUTHENTICATED, detail))
                .header(HttpHeaders.WWW_AUTHENTICATE, challenge)
                .build();
    }

    private static Response answer(RoutingContext request, Problem problem) {
        return builder(request, problem).build();
    }

    private static Response.ResponseBuilder builder(RoutingContext request, Problem problem) {
        return Response.status(problem.status())
                .type(Problem.MEDIA_TYPE)
                .entity(problem.at(ProblemRoutes.shownPath(request)).toJson());
    }
}
