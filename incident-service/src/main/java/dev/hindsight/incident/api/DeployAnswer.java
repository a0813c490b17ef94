package dev.hindsight.incident.api;

import dev.hindsight.contract.DeployState;
import dev.hindsight.incident.domain.DeployLink.Verdict;
import dev.hindsight.incident.view.DeployQueries.DeployFound;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A deploy as clients see it. */
@Schema(name = "Deploy")
public record DeployAnswer(
        UUID id,
        @Schema(examples = "github") String tool,
        @Schema(description = "How that tool knows it.") String externalId,
        String service,
        @Schema(examples = "production") String environment,

        @Schema(description = "Whether it changes what customers use; only then it is suspected of anything.")
        boolean production,

        @Nullable @Schema(description = "Branch or tag.") String ref,

        @Nullable @Schema(description = "Of the source code.")
        String revision,

        @Nullable String url,
        DeployState state,
        @Schema(description = "By the tool's clock.") Instant heardOfAt,
        @Nullable Instant begunAt,
        @Nullable Instant endedAt,
        List<LinkAnswer> incidents,
        long version) {

    /** An incident that it may have contributed to. */
    @Schema(name = "DeployLink")
    public record LinkAnswer(
            UUID incident, @Schema(examples = "INC-42") String reference, Verdict verdict) {}

    static DeployAnswer of(DeployFound found) {
        return new DeployAnswer(
                found.id(),
                found.tool(),
                found.externalId(),
                found.change().service(),
                found.change().environment(),
                found.production(),
                found.change().ref(),
                found.change().revision(),
                found.change().url(),
                found.state(),
                found.heardOfAt(),
                found.begunAt(),
                found.endedAt(),
                found.links().stream()
                        .map(link -> new LinkAnswer(link.incident(), link.reference(), link.verdict()))
                        .toList(),
                found.version());
    }
}
