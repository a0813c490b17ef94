package dev.hindsight.conventions.http;

import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.conventions.problem.Problem;
import dev.hindsight.conventions.problem.ProblemType;
import dev.hindsight.eventstore.Position;
import dev.hindsight.eventstore.consume.Consistency;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Reading one's own writes across services: a request that carries what a command answered as {@code Hindsight-Version}
 * waits until this service is as far, two seconds at most, and is answered 503 with Retry-After otherwise.
 */
public class HindsightAfter {

    public static final String HEADER = "Hindsight-After";

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Consistency consistency;

    HindsightAfter(Consistency consistency) {
        this.consistency = consistency;
    }

    @ServerRequestFilter
    public Uni<@Nullable Response> await(ContainerRequestContext request) {
        String header = request.getHeaderString(HEADER);
        if (header == null) {
            return Uni.createFrom().nullItem();
        }
        Position position = Position.parse(header)
                .orElseThrow(() -> Invalid.field(
                        HEADER, "INVALID_POSITION", HEADER + " must be the Hindsight-Version of an answer."));
        return consistency.reached(position, PATIENCE).map(reached -> reached ? null : notYet(position));
    }

    private static Response notYet(Position position) {
        return Response.status(ProblemType.UNAVAILABLE.status())
                .type("application/problem+json")
                .header(HttpHeaders.RETRY_AFTER, "1")
                .entity(Problem.of(ProblemType.UNAVAILABLE, "This service is not as far as " + position + " yet.")
                        .toJson())
                .build();
    }
}
