package dev.hindsight.eventstore.relay;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Ready while the relay sees its database and the broker, whether it leads or stands by. */
@Readiness
@ApplicationScoped
public class RelayHealth implements HealthCheck {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Relay relay;

    RelayHealth(Relay relay) {
        this.relay = relay;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder answer = HealthCheckResponse.named("relay");
        if (!relay.isNeeded()) {
            return answer.withData("role", "none").up().build();
        }
        Instant last = relay.lastGoodRound();
        answer.withData("role", relay.isLeading() ? "leader" : "standby");
        // Health is open to all: what exactly is wrong stands in the log.
        answer.withData("trouble", relay.trouble() != null);
        return answer.status(
                        last != null && Duration.between(last, Instant.now()).compareTo(PATIENCE) < 0)
                .build();
    }
}
