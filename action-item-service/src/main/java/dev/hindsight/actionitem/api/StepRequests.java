package dev.hindsight.actionitem.api;

import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Bodies of the steps of an item; each may say when it happened and who did it. */
final class StepRequests {

    static final String WHEN = "When it happened; now where nothing is given. Not before the item's last change.";
    static final String WHO = "UUID of the person who did it; the token's where nothing is given.";

    private StepRequests() {}

    /** Acceptance and start. */
    @Schema(name = "ActionItemStep")
    record Step(
            @Schema(nullable = true, description = WHEN) @Nullable
            Instant occurredAt,

            @Schema(nullable = true, description = WHO) @Nullable
            String actor) {}

    @Schema(name = "CompleteActionItem")
    record Completion(
            @Schema(nullable = true, maxLength = 4000, examples = "Merged as gateway#311, live since 14:00") @Nullable
            String note,

            @Schema(nullable = true, description = WHEN) @Nullable
            Instant occurredAt,

            @Schema(nullable = true, description = WHO) @Nullable
            String actor) {}

    @Schema(name = "VerifyActionItem")
    record Verification(
            @Schema(
                    required = true,
                    maxLength = 4000,
                    description = "What showed that it works.",
                    examples = "Load test 4711 at 200 req/s: 429 from the 101st request of each second on")
            @Nullable
            String evidence,

            @Schema(nullable = true, description = WHEN) @Nullable
            Instant occurredAt,

            @Schema(nullable = true, description = WHO) @Nullable
            String actor) {}

    @Schema(name = "CancelActionItem")
    record Cancellation(
            @Schema(
                    required = true,
                    maxLength = 4000,
                    description = "Why it will not be done.",
                    examples = "The endpoint is retired on 2026-12-15")
            @Nullable
            String reason,

            @Schema(nullable = true, description = WHEN) @Nullable
            Instant occurredAt,

            @Schema(nullable = true, description = WHO) @Nullable
            String actor) {}
}
