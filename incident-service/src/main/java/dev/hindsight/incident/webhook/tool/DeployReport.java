package dev.hindsight.incident.webhook.tool;

import dev.hindsight.contract.Change;
import dev.hindsight.contract.DeployState;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.domain.DeployCommand;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a delivery says of a deploy.
 *
 * @param externalId the tool's own id of the deploy
 * @param key identity of the report: the same when it is told again, whatever the delivery
 * @param text what the tool added
 * @param production whether it changes what customers use
 */
@Schema(name = "DryRunDeploy", description = "What the sample says of a deploy.")
public record DeployReport(
        String externalId,
        String key,
        DeployState said,
        @Nullable String text,
        Change change,
        boolean production,
        Instant occurredAt) {

    /** The stream of the deploy. */
    public UUID deployId(Integration integration) {
        return StreamIds.named(integration.id(), "deploy|" + externalId);
    }

    /** The command that records it. */
    public DeployCommand.Report command(Integration integration) {
        return new DeployCommand.Report(
                StreamIds.named(integration.id(), "deploy-report|" + key),
                said,
                text,
                integration.provider().wireName(),
                externalId,
                change,
                production,
                occurredAt);
    }
}
