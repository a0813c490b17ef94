package dev.hindsight.incident.domain;

import dev.hindsight.contract.Change;
import dev.hindsight.contract.DeployState;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Everything that can be told of a deploy. */
public sealed interface DeployCommand {

    /**
     * A tool says how far it was.
     *
     * @param factId identity of the report: the same when it is told again
     * @param tool which tells of it
     * @param externalId how that tool knows it
     * @param production whether it changes what customers use
     */
    record Report(
            UUID factId,
            DeployState said,
            @Nullable String text,
            String tool,
            String externalId,
            Change change,
            boolean production,
            Instant occurredAt)
            implements DeployCommand {}
}
