package dev.hindsight.postmortem.api;

import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.Milestones;
import dev.hindsight.postmortem.domain.Durations;
import dev.hindsight.postmortem.domain.EntryKind;
import dev.hindsight.postmortem.view.TimelineEntryView;
import dev.hindsight.postmortem.view.TimelineQuery.Line;
import dev.hindsight.postmortem.view.TimelineQuery.Timeline;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A page of the ordered, provable record of an incident. */
@Schema(name = "Timeline")
record TimelineBody(
        UUID incidentId,
        @Schema(examples = "INC-42") String reference,
        List<EntryBody> entries,

        @Schema(description = "Cursor of the next page; null on the last one.") @Nullable
        String next,

        @Schema(description = "UTC; null while unknown.") Milestones milestones,

        @Schema(description = "Seconds; null where a time is missing or lies before the earlier one.")
        Durations durations) {

    /** One entry, in the order of (occurredAt, the source's own order, sequence). */
    @Schema(name = "TimelineEntry")
    record EntryBody(
            @Schema(description = "The event's id.") UUID id,
            EntryKind kind,
            @Schema(description = "When it happened.") Instant occurredAt,
            @Schema(description = "When it was stored.") Instant recordedAt,

            @Schema(
                    description =
                            "Name of the person, or `unknown person`; `integration:<id>` or `hindsight` for machines.")
            String actor,

            String actorId,
            String text,

            @Schema(description = "Who was paged, took a role, or was escalated to; null elsewhere.") @Nullable
            PersonBody person,

            @Schema(description = "A milestone, a change of status or severity, or a decision.")
            boolean key,

            SourceBody source) {

        static EntryBody of(Line line) {
            TimelineEntryView entry = line.entry();
            return new EntryBody(
                    entry.id(),
                    entry.kind(),
                    entry.occurredAt(),
                    entry.recordedAt(),
                    line.actor(),
                    entry.actor(),
                    line.text(),
                    entry.aboutPerson() == null || line.person() == null
                            ? null
                            : new PersonBody(entry.aboutPerson(), line.person()),
                    entry.pinned(),
                    SourceBody.of(entry));
        }
    }

    /** Where an entry comes from. */
    @Schema(name = "TimelineSource")
    record SourceBody(
            UUID eventId,

            @Schema(description = "Version of the incident's stream.")
            long sequence,

            @Schema(description = "The integration whose webhook brought it.") @Nullable
            UUID integration,

            @Schema(description = "The webhook delivery that brought it.") @Nullable
            UUID deliveryId,

            @Schema(description = "The tool's own page.") @Nullable
            String url) {

        private static final String INTEGRATIONS =
                EventHeader.fromIntegration(new UUID(0, 0)).replaceAll("[^/]+$", "");

        static SourceBody of(TimelineEntryView entry) {
            return new SourceBody(
                    entry.id(),
                    entry.sequence(),
                    entry.source().startsWith(INTEGRATIONS)
                            ? UUID.fromString(entry.source().substring(INTEGRATIONS.length()))
                            : null,
                    entry.deliveryId(),
                    entry.url());
        }
    }

    static TimelineBody of(Timeline timeline) {
        return new TimelineBody(
                timeline.incident().id,
                timeline.incident().reference,
                timeline.page().items().stream().map(EntryBody::of).toList(),
                timeline.page().next(),
                timeline.incident().milestones(),
                timeline.incident().durations());
    }
}
