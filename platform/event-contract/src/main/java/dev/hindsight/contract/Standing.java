package dev.hindsight.contract;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an incident is after an event: a pure function of all facts known by then, whatever the order in which they arrived.
 * Every incident event carries it, so that no reader has to weigh a tool's provisional words against later mentions and
 * explicit changes: the newest version of the stream says it. Long texts are not in it, and the impact's numbers stand where
 * they change ({@link IncidentEvent.ImpactRecorded#total()}).
 *
 * @param reference readable name, {@code INC-42}; never changes
 * @param title at most 300 characters
 * @param services names; empty where nobody said
 * @param roles that somebody holds now, each once, sorted by name
 * @param acknowledger the person who was the first in time to acknowledge it explicitly; null while nobody, or only a tool, did
 * @param firstAlert when the first of its alerts fired; null without any
 * @param pages null while nobody was paged
 */
public record Standing(
        Lifecycle lifecycle,
        String reference,
        String title,
        Severity severity,
        List<String> services,
        IncidentKind kind,
        Visibility visibility,
        boolean customerFacing,
        boolean security,
        List<Holder> roles,
        @Nullable UUID acknowledger,
        @Nullable Instant firstAlert,
        @Nullable Pages pages) {

    /** Of an incident that nobody has told of. */
    public static final Standing NONE = new Standing(
            Lifecycle.NONE,
            "",
            "",
            Severity.SEV3,
            List.of(),
            IncidentKind.REAL,
            Visibility.INTERNAL,
            false,
            false,
            List.of(),
            null,
            null,
            null);

    public Standing {
        services = List.copyOf(services);
        roles = List.copyOf(roles);
    }

    /** When the first responder was notified; null while nobody was. */
    public @Nullable Instant firstPage() {
        return pages == null ? null : pages.first();
    }

    /** A role and who holds it. */
    public record Holder(String role, UUID person) {}

    /**
     * The notifications of responders.
     *
     * @param count how many
     * @param judged how many of them a calendar judged at all
     * @param afterHours how many of them it judged as after hours
     * @param first when the first one went out
     */
    public record Pages(int count, int judged, int afterHours, Instant first) {

        /** These and one more. */
        public static Pages and(@Nullable Pages before, Instant at, @Nullable Boolean afterHours) {
            return new Pages(
                    (before == null ? 0 : before.count) + 1,
                    (before == null ? 0 : before.judged) + (afterHours == null ? 0 : 1),
                    (before == null ? 0 : before.afterHours) + (Boolean.TRUE.equals(afterHours) ? 1 : 0),
                    before == null || at.isBefore(before.first) ? at : before.first);
        }
    }
}
