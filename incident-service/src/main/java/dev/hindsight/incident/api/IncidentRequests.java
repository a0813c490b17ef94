package dev.hindsight.incident.api;

import dev.hindsight.contract.Impact;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.LinkKind;
import dev.hindsight.contract.Milestone;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Visibility;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The bodies of the commands. All may say when it happened and who did it; the token's person and now otherwise. */
public final class IncidentRequests {

    private static final int TITLE = 300;
    private static final int TEXT = 10_000;
    private static final int NAME = 200;
    private static final int ADDRESS = 2_000;
    private static final int MANY = 50;

    private IncidentRequests() {}

    /** What every command's body may say. */
    public sealed interface CommandBody {

        /** When it happened; now where absent. Up to five minutes ahead of our clock is accepted. */
        @Nullable
        Instant occurredAt();

        /** Who did it: a person's id in the catalog. The person of the token where absent. */
        @Nullable
        String actor();
    }

    @Schema(description = "An incident to declare.")
    public record DeclareIncident(
            @NotBlank @Size(max = TITLE) @Schema(examples = "\"Checkout fails for a third of the customers\"")
            String title,

            @NotNull Severity severity,
            @NotNull @Size(max = MANY) List<@NotBlank @Size(max = NAME) String> services,
            @Nullable @Size(max = TEXT) String summary,
            @Nullable Boolean customerFacing,
            @Nullable Boolean security,
            @Nullable @Valid ImpactNumbers impact,
            @Nullable Instant impactStartedAt,
            @Nullable Instant detectedAt,
            @Nullable Instant occurredAt,
            @Nullable IncidentKind kind,
            @Nullable Visibility visibility,
            @Nullable String actor)
            implements CommandBody {}

    @Schema(description = "When and by whom; nothing is required.")
    public record Plain(
            @Nullable Instant occurredAt, @Nullable String actor) implements CommandBody {}

    @Schema(description = "A text is optional.")
    public record Remark(
            @Nullable @Size(max = TEXT) String text,
            @Nullable Instant occurredAt,
            @Nullable String actor) implements CommandBody {}

    @Schema(description = "A text is optional.")
    public record Closure(
            @Nullable @Size(max = TEXT) String text,

            @Nullable
            @Size(max = TEXT)
            @Pattern(regexp = "[\\s\\S]*\\S[\\s\\S]*", message = "must not be blank")
            @Schema(description = "Of an admin: why it is closed although something is owed. Stays on record.")
            String overrideReason,

            @Nullable Instant occurredAt,
            @Nullable String actor)
            implements CommandBody {}

    @Schema(description = "A reason is optional.")
    public record Reason(
            @Nullable @Size(max = TEXT) String reason,
            @Nullable Instant occurredAt,
            @Nullable String actor) implements CommandBody {}

    @Schema(description = "A text.")
    public record Text(
            @NotBlank @Size(max = TEXT) String text,
            @Nullable Instant occurredAt,
            @Nullable String actor) implements CommandBody {}

    @Schema(description = "A message of those who work on the incident.")
    public record Message(
            @NotBlank @Size(max = TEXT) String text,
            @Nullable @Size(max = NAME) String channel,
            @Nullable Instant occurredAt,
            @Nullable String actor)
            implements CommandBody {}

    @Schema(description = "Who holds a role from now on; no person takes the role away.")
    public record RoleAssignment(
            @NotBlank
            @Size(max = NAME)
            @Schema(
                    description = "INCIDENT_COMMANDER, COMMUNICATIONS, OPERATIONS, SCRIBE, or a name of your own.",
                    examples = "INCIDENT_COMMANDER")
            String role,

            @Nullable
            @Size(max = NAME)
            @Schema(description = "A person's id in the catalog, or the subject of their token.", examples = "maria")
            String person,

            @Nullable Instant occurredAt,
            @Nullable String actor)
            implements CommandBody {}

    @Schema(description = "How bad it is, as judged now.")
    public record SeverityChange(
            @NotNull Severity severity,
            @Nullable @Size(max = TEXT) String reason,
            @Nullable Instant occurredAt,
            @Nullable String actor)
            implements CommandBody {}

    @Schema(
            description =
                    "What it is called, and what sort of incident it is: at least one of them; what is not given stays as"
                            + " it is.")
    public record ClassificationChange(
            @Nullable
            @Size(max = TITLE)
            @Pattern(regexp = "[\\s\\S]*\\S[\\s\\S]*", message = "must not be blank")
            @Schema(examples = "\"Game day: checkout loses its database\"")
            String title,

            @Nullable @Size(max = TEXT) @Schema(description = "An empty one takes the summary away.")
            String summary,

            @Nullable Boolean customerFacing,

            @Nullable @Schema(description = "true restricts the incident as well; false opens nothing.")
            Boolean security,

            @Nullable @Schema(description = "TEST and DRILL count in no metric and owe no postmortem.")
            IncidentKind kind,

            @Nullable Instant occurredAt,
            @Nullable String actor)
            implements CommandBody {

        boolean saysNothing() {
            return title == null && summary == null && customerFacing == null && security == null && kind == null;
        }
    }

    @Schema(
            description =
                    "A page that belongs to the incident. An address that it has already is called this from now on.")
    public record LinkToAdd(
            @NotBlank
            @Size(max = ADDRESS)
            @Pattern(regexp = "https?://[^\\s/?#]+\\S*", message = "must be an http or https address")
            @Schema(examples = "https://wiki.example.org/runbooks/checkout-rollback")
            String url,

            @Nullable @Size(max = TITLE) @Schema(examples = "\"Rolling back checkout\"")
            String title,

            @Nullable @Schema(description = "OTHER where absent.")
            LinkKind kind,

            @Nullable Instant occurredAt,
            @Nullable String actor)
            implements CommandBody {}

    @Schema(
            description =
                    "At least one name, and none in both lists. What you say of a service stands above what tools say.")
    public record ServicesChange(
            @Nullable @Size(max = MANY) @Schema(examples = "[\"payment-gateway\"]")
            List<@NotBlank @Size(max = NAME) String> add,

            @Nullable @Size(max = MANY) @Schema(examples = "[\"search\"]")
            List<@NotBlank @Size(max = NAME) String> remove,

            @Nullable Instant occurredAt,
            @Nullable String actor)
            implements CommandBody {

        List<String> added() {
            return names(add);
        }

        List<String> removed() {
            return names(remove);
        }

        private static List<String> names(@Nullable List<String> given) {
            return given == null
                    ? List.of()
                    : given.stream().map(String::strip).distinct().toList();
        }
    }

    @Schema(
            description =
                    "When something really was. occurredAt, as everywhere, is when you say so: now where it is absent.")
    public record Correction(
            @NotNull Milestone milestone,

            @NotNull @Schema(description = "The right time; not in the future.", examples = "2026-03-10T02:38:00Z")
            Instant at,

            @Nullable @Size(max = TEXT) String reason,
            @Nullable Instant occurredAt,
            @Nullable String actor)
            implements CommandBody {}

    @Schema(description = "The incident that goes on.")
    public record MergeInto(
            @NotBlank @Size(max = NAME) @Schema(description = "Its id or its reference.", examples = "INC-41")
            String into,

            @Nullable Instant occurredAt,
            @Nullable String actor)
            implements CommandBody {}

    @Schema(description = "One notification of one responder.")
    public record PageSent(
            @NotBlank @Size(max = NAME) @Schema(examples = "maria")
            String person,

            @Nullable @Size(max = NAME) @Schema(examples = "PHONE")
            String channel,

            @Nullable Instant occurredAt,
            @Nullable String actor)
            implements CommandBody {}

    @Schema(description = "Whom it was handed to, if to somebody.")
    public record Escalation(
            @Nullable @Size(max = NAME) @Schema(examples = "maria")
            String to,

            @Nullable @Size(max = TEXT) String text,
            @Nullable Instant occurredAt,
            @Nullable String actor)
            implements CommandBody {}

    @Schema(description = "Who may see it from now on.")
    public record VisibilityChange(
            @NotNull Visibility visibility,
            @Nullable @Size(max = TEXT) String reason,
            @Nullable Instant occurredAt,
            @Nullable String actor)
            implements CommandBody {}

    @Schema(description = "Who may see it although it is restricted.")
    public record Participant(
            @NotBlank
            @Size(max = NAME)
            @Schema(description = "A person's id in the catalog, or the subject of their token.", examples = "maria")
            String person,

            @Nullable Instant occurredAt,
            @Nullable String actor)
            implements CommandBody {}

    @Schema(description = "Numbers; each one given replaces the earlier one.")
    public record ImpactRecording(
            @NotNull @Valid ImpactNumbers impact,
            @Nullable Instant occurredAt,
            @Nullable String actor) implements CommandBody {}

    @Schema(name = "Impact", description = "What the incident cost, in numbers; null while unknown.")
    public record ImpactNumbers(
            @Nullable @PositiveOrZero Long usersAffected,
            @Nullable @PositiveOrZero Long requestsFailed,
            @Nullable @PositiveOrZero @DecimalMax("100") BigDecimal errorRatePercent,
            @Nullable @PositiveOrZero Long latencyP99Millis,
            @Nullable @PositiveOrZero BigDecimal sloBudgetConsumedPercent,
            @Nullable @PositiveOrZero BigDecimal revenueLost,
            @Nullable @Pattern(regexp = "[A-Z]{3}") String currency,
            @Nullable @PositiveOrZero Long tickets) {

        Impact toImpact() {
            return new Impact(
                    usersAffected,
                    requestsFailed,
                    errorRatePercent,
                    latencyP99Millis,
                    sloBudgetConsumedPercent,
                    revenueLost,
                    currency,
                    tickets);
        }
    }
}
