package dev.hindsight.incident.webhook;

import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What became of a delivery. */
@Schema(name = "DeliveryReceipt")
public record WebhookAnswer(
        @Schema(description = "The same whenever the tool sends the same delivery again.")
        UUID deliveryId,

        @Schema(
                description = "APPLIED, ATTACHED, DUPLICATE, IGNORED or PARKED.",
                enumeration = {"APPLIED", "ATTACHED", "DUPLICATE", "IGNORED", "PARKED"})
        String outcome,

        @Nullable @Schema(description = "Why, where nothing was applied.")
        String reason,

        @Schema(description = "Ids of the incidents that it spoke of.")
        List<UUID> incidents,

        @Schema(description = "Ids of the deploys that it spoke of.")
        List<UUID> deploys) {

    WebhookAnswer(UUID deliveryId, String outcome, @Nullable String reason, List<UUID> incidents) {
        this(deliveryId, outcome, reason, incidents, List.of());
    }
}
