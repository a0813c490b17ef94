package dev.hindsight.contract;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The streams of deploys, one for each (topic {@code incident-events}, key: the deploy). Which incident one is suspected of is
 * said by the incident: {@link IncidentEvent.DeploySuspected}.
 */
public sealed interface DeployEvent extends DomainEvent {

    /**
     * A tool said how far a deploy was. Reports arrive in any order; each carries what follows from all that are known with it.
     *
     * @param said how far it was at {@link EventHeader#occurredAt()}
     * @param text what the tool added
     * @param tool which tells of it: {@code github}
     * @param externalId how that tool knows it
     * @param production whether it changes what customers use
     * @param state how far it is, after all reports
     * @param begunAt when it began to run, as far as the reports say
     * @param endedAt when it ended; null while it runs
     */
    @JsonTypeName("hindsight.deploy.reported.v1")
    record Reported(
            DeployState said,
            @Nullable String text,
            String tool,
            String externalId,
            Change change,
            boolean production,
            DeployState state,
            @Nullable Instant begunAt,
            @Nullable Instant endedAt)
            implements DeployEvent {}
}
