package dev.hindsight.conventions.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hindsight.contract.refusal.Invalid.Violation;
import dev.hindsight.contract.refusal.Refused.Reason;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What is answered instead of what was asked for (RFC 9457).
 *
 * @param type stable relative URI of the kind of problem
 * @param title of the kind
 * @param status HTTP status
 * @param detail what happened this time, in a sentence
 * @param instance path of the request
 * @param violations of a 400: the fields to blame
 * @param reasons of a 409: every rule that stands against it
 * @param traceId of a 500 or 503: what to look for in the log
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Problem", description = "What is answered instead of what was asked for (RFC 9457).")
public record Problem(
        @Schema(required = true) String type,
        @Schema(required = true) String title,
        @Schema(required = true) int status,
        @Nullable String detail,
        @Nullable String instance,
        @Nullable List<Violation> violations,
        @Nullable List<Reason> reasons,
        @Nullable String traceId) {

    public static final String MEDIA_TYPE = "application/problem+json";

    private static final JsonMapper JSON = new JsonMapper();

    public static Problem of(ProblemType type, @Nullable String detail) {
        return new Problem(type.uri(), type.title(), type.status(), detail, null, null, null, null);
    }

    public static Problem invalid(List<Violation> violations) {
        return of(
                        ProblemType.INVALID_REQUEST,
                        violations.size() == 1
                                ? violations.getFirst().message()
                                : violations.size() + " things are not valid.")
                .with(violations);
    }

    public static Problem refused(List<Reason> reasons) {
        return new Problem(
                ProblemType.REFUSED.uri(),
                ProblemType.REFUSED.title(),
                ProblemType.REFUSED.status(),
                String.join(" ", reasons.stream().map(Reason::message).toList()),
                null,
                null,
                reasons,
                null);
    }

    private Problem with(List<Violation> blamed) {
        return new Problem(type, title, status, detail, instance, blamed, reasons, traceId);
    }

    Problem at(@Nullable String path) {
        return new Problem(type, title, status, detail, path, violations, reasons, traceId);
    }

    Problem traced(@Nullable String trace) {
        return new Problem(type, title, status, detail, instance, violations, reasons, trace);
    }

    /** As it goes over the wire; the same before, inside and behind JAX-RS. */
    public String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
