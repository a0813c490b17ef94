package dev.hindsight.metrics.domain;

import dev.hindsight.contract.IncidentEvent.Paged;
import dev.hindsight.contract.Recorded;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What metrics need to know of one notification of a responder.
 *
 * @param afterHours as judged when it was recorded; null where no calendar said
 */
public record PageFact(
        UUID person, Instant pagedAt, @Nullable Boolean afterHours) {

    /** What the event says of its page. */
    public static PageFact of(Recorded<Paged> recorded) {
        Paged page = recorded.event();
        return new PageFact(
                page.person(),
                Objects.requireNonNull(
                        IncidentFact.inMicroseconds(recorded.header().occurredAt())),
                page.afterHours());
    }
}
