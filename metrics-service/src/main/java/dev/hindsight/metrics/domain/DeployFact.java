package dev.hindsight.metrics.domain;

import dev.hindsight.contract.DeployEvent;
import dev.hindsight.contract.DeployEvent.Reported;
import dev.hindsight.contract.DeployState;
import dev.hindsight.contract.Recorded;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What metrics need to know of a deploy: the part that they measure of what its newest event says.
 *
 * @param services the one that it changes
 * @param placedAt where it stands in time: its end, else its beginning, else what the first event tells of that came here
 */
public record DeployFact(List<String> services, boolean production, DeployState state, Instant placedAt) {

    /** What an event says of its deploy; {@code before} is null before the first. */
    public static DeployFact of(@Nullable DeployFact before, Recorded<DeployEvent> recorded) {
        return switch (recorded.event()) {
            case Reported e -> {
                Instant heardOf = before == null ? recorded.header().occurredAt() : before.placedAt;
                Instant at = e.endedAt() != null ? e.endedAt() : Objects.requireNonNullElse(e.begunAt(), heardOf);
                yield new DeployFact(
                        List.of(e.change().service()),
                        e.production(),
                        e.state(),
                        Objects.requireNonNull(IncidentFact.inMicroseconds(at)));
            }
        };
    }
}
