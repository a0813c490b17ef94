package dev.hindsight.incident.domain;

import dev.hindsight.contract.Alert;
import dev.hindsight.contract.Observed;
import dev.hindsight.contract.Severity;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a tool tells, in the words that all tools share. */
public sealed interface Signal {

    /** What the tool said about the incident along with it. */
    Observed observed();

    record Triggered(Observed observed) implements Signal {}

    record Acknowledged(Observed observed) implements Signal {}

    record Unacknowledged(Observed observed) implements Signal {}

    record Escalated(@Nullable UUID to, @Nullable String text, Observed observed) implements Signal {}

    record SeverityChanged(Severity severity, @Nullable String reason, Observed observed) implements Signal {}

    record RoleAssigned(String role, @Nullable UUID person, Observed observed) implements Signal {}

    /** @param afterHours as a calendar judges it; null where none does */
    record Paged(
            UUID person, @Nullable String channel, @Nullable Boolean afterHours, Observed observed) implements Signal {

        public Paged(UUID person, @Nullable String channel, Observed observed) {
            this(person, channel, null, observed);
        }
    }

    record StatusUpdated(String text, Observed observed) implements Signal {}

    /** When somebody first suffered from it, as the tool knows it. */
    record ImpactStarted(Observed observed) implements Signal {}

    /** When it was first noticed, as the tool knows it. */
    record Detected(Observed observed) implements Signal {}

    record Mitigated(@Nullable String text, Observed observed) implements Signal {}

    record Resolved(@Nullable String text, Observed observed) implements Signal {}

    record Reopened(@Nullable String reason, Observed observed) implements Signal {}

    /** Another system's past says that nothing more was owed. No tool's webhook closes an incident. */
    record Closed(@Nullable String text, Observed observed) implements Signal {}

    /** The tool says that it was none. */
    record Canceled(@Nullable String reason, Observed observed) implements Signal {}

    record Merged(@Nullable UUID into, @Nullable String externalInto, Observed observed) implements Signal {}

    record AlertFired(Alert alert, Observed observed) implements Signal {}

    record AlertResolved(Alert alert, Observed observed) implements Signal {}

    /** @param channel where it was said */
    record Posted(String text, @Nullable String channel, Observed observed) implements Signal {}

    /** Something was pinned, so as not to be forgotten. */
    record Decided(String text, Observed observed) implements Signal {}

    /** @param signal the tool's own name of it */
    record Noted(String signal, String text, @Nullable String url, Observed observed) implements Signal {}
}
