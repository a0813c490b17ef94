package dev.hindsight.postmortem.api;

import dev.hindsight.contract.ActionItemDetails;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.Impact;
import dev.hindsight.contract.Milestones;
import dev.hindsight.contract.PostmortemSection;
import dev.hindsight.postmortem.domain.Document;
import dev.hindsight.postmortem.domain.Document.Factor;
import dev.hindsight.postmortem.domain.EntryKind;
import dev.hindsight.postmortem.view.ActionItemView;
import dev.hindsight.postmortem.view.IncidentView;
import dev.hindsight.postmortem.view.People;
import dev.hindsight.postmortem.view.PostmortemReading;
import dev.hindsight.postmortem.view.TimelineQuery.Line;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A postmortem as Markdown, in the structure of both seeds ("Example structure", seed 004; "Core sections that belong in
 * every post-incident review template", seed 000). Facts of the incident are escaped; sections are CommonMark by their
 * authors, and stay as they were written.
 */
final class MarkdownDocument {

    private static final DateTimeFormatter DAY = DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY_AND_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final PostmortemReading reading;
    private final Document document;
    private final IncidentView incident;
    private final People people;
    private final StringBuilder text = new StringBuilder(4096);

    private MarkdownDocument(PostmortemReading reading) {
        this.reading = reading;
        this.document = reading.content().document();
        this.incident = reading.incident();
        this.people = reading.people();
    }

    /** The text, with every entry of the timeline. */
    static String of(PostmortemReading reading, List<Line> timeline) {
        MarkdownDocument markdown = new MarkdownDocument(reading);
        markdown.head();
        markdown.summary();
        markdown.impact();
        markdown.timeline(timeline);
        markdown.factors();
        markdown.prose(PostmortemSection.WENT_WELL);
        markdown.prose(PostmortemSection.WENT_POORLY);
        markdown.actionItems();
        markdown.prose(PostmortemSection.LEARNINGS);
        markdown.prose(PostmortemSection.RISKS);
        return markdown.text.toString();
    }

    private void head() {
        line("# Post-mortem: " + MarkdownText.inline(incident.title));
        line("");
        Instant began = began();
        fact("Incident", MarkdownText.inline(incident.reference));
        fact("Date", began == null ? "unknown" : DAY.format(began));
        fact("Severity", incident.severity.name());
        fact(
                "Services",
                incident.services().isEmpty()
                        ? "unknown"
                        : MarkdownText.inline(String.join(", ", incident.services())));
        fact("Owner", document.owner() == null ? "nobody yet" : MarkdownText.inline(people.nameOf(document.owner())));
        line("**Status:** " + reading.content().status().inWords());
        line("");
        line("---");
        line("");
    }

    private void summary() {
        heading("Summary");
        document.section(PostmortemSection.SUMMARY)
                .filter(section -> !section.text().isBlank())
                .ifPresentOrElse(section -> paragraph(section.text()), () -> {
                    paragraph(factsOnly());
                    paragraph("*Nobody has written a summary yet; the sentence above only states the recorded facts.*");
                });
    }

    /** What can be said without anybody's judgement. */
    private String factsOnly() {
        Milestones milestones = incident.milestones();
        Instant began = began();
        StringBuilder sentence = new StringBuilder(MarkdownText.block(incident.reference))
                .append(" (")
                .append(incident.severity)
                .append(") affected ")
                .append(
                        incident.services().isEmpty()
                                ? "services that are not recorded"
                                : MarkdownText.inline(String.join(", ", incident.services())));
        if (began != null) {
            sentence.append(" from ").append(DAY_AND_TIME.format(began));
        }
        if (milestones.resolved() != null) {
            sentence.append(" until ").append(DAY_AND_TIME.format(milestones.resolved()));
        }
        Double restore = incident.durations().timeToRestoreSeconds();
        if (restore != null) {
            sentence.append(" (").append(length(restore)).append(')');
        }
        return sentence.append(": ")
                .append(MarkdownText.inline(incident.title))
                .append('.')
                .toString();
    }

    private void impact() {
        heading("Impact");
        Impact impact = incident.impact();
        number("Users affected", impact.usersAffected(), "");
        number("Requests failed", impact.requestsFailed(), "");
        number("Error rate at the worst", impact.errorRatePercent(), " %");
        number("Latency (p99) at the worst", impact.latencyP99Millis(), " ms");
        Double restore = incident.durations().timeToRestoreSeconds();
        line("- Duration: " + (restore == null ? "unknown" : length(restore)));
        number("SLO budget consumed", impact.sloBudgetConsumedPercent(), " %");
        number(
                "Revenue lost",
                impact.revenueLost(),
                impact.currency() == null ? "" : " " + MarkdownText.inline(impact.currency()));
        number("Support tickets", impact.tickets(), "");
        if (impact.equals(Impact.NONE)) {
            line("- No numbers are recorded.");
        }
        line("");
        document.section(PostmortemSection.CUSTOMER_IMPACT)
                .filter(section -> !section.text().isBlank())
                .ifPresent(section -> paragraph(section.text()));
    }

    private void timeline(List<Line> lines) {
        heading("Timeline (UTC)");
        LocalDate day = null;
        for (Line entry : lines) {
            LocalDate its = LocalDate.ofInstant(entry.entry().occurredAt(), ZoneOffset.UTC);
            if (!its.equals(day)) {
                if (day != null) {
                    line("");
                }
                line("**" + its + "**");
                line("");
                day = its;
            }
            line("- " + TIME.format(entry.entry().occurredAt()) + " — " + said(entry));
        }
        if (lines.isEmpty()) {
            line("Nothing is recorded.");
        }
        line("");
    }

    private static String said(Line line) {
        String words = MarkdownText.inline(line.text());
        String label = label(line.entry().kind());
        String whole = label == null ? words : label + ": " + words;
        return (line.entry().pinned() ? "**" + whole + "**" : whole) + by(line);
    }

    private static String by(Line line) {
        return isMachine(line.entry().actor()) ? "" : " (" + MarkdownText.inline(line.actor()) + ")";
    }

    private static boolean isMachine(String actor) {
        return actor.equals(EventHeader.HINDSIGHT) || actor.startsWith("integration:");
    }

    /** Of entries whose text is somebody's own words. */
    private static @Nullable String label(EntryKind kind) {
        return switch (kind) {
            case DECISION -> "Decision";
            case MESSAGE -> "Message";
            case STATUS_UPDATED -> "Status update";
            case NOTE -> "Note";
            case DECLARED,
                    ACKNOWLEDGED,
                    UNACKNOWLEDGED,
                    ESCALATED,
                    ROLE_ASSIGNED,
                    SEVERITY_CHANGED,
                    CLASSIFIED,
                    SERVICES_CHANGED,
                    LINK,
                    PAGED,
                    IMPACT,
                    IMPACT_STARTED,
                    DETECTED,
                    MILESTONE_CORRECTED,
                    MITIGATED,
                    RESOLVED,
                    REOPENED,
                    CLOSED,
                    CANCELED,
                    MERGED,
                    ALERT_FIRED,
                    ALERT_RESOLVED,
                    DEPLOY,
                    CHANNEL_LINKED,
                    VISIBILITY_CHANGED,
                    PARTICIPANT_ADDED,
                    PARTICIPANT_REMOVED -> null;
        };
    }

    private void factors() {
        heading("Contributing factors");
        if (document.factors().isEmpty()) {
            paragraph("*None is named yet.*");
            return;
        }
        int number = 1;
        for (Factor factor : document.factors()) {
            line(number + ". " + MarkdownText.block(factor.text()) + " *("
                    + factor.category().name().toLowerCase(Locale.ROOT)
                    + (factor.key() == null ? "" : ", " + MarkdownText.inline(factor.key())) + ")*");
            String indent = " ".repeat(Integer.toString(number).length() + 2);
            for (String why : factor.whys()) {
                line(indent + "- Because: " + MarkdownText.inline(why));
                indent += "  ";
            }
            number++;
        }
        line("");
    }

    private void prose(PostmortemSection section) {
        heading(section.heading());
        document.section(section)
                .filter(written -> !written.text().isBlank())
                .ifPresentOrElse(written -> paragraph(written.text()), () -> paragraph("*Not written yet.*"));
    }

    private void actionItems() {
        heading("Action items");
        if (reading.items().isEmpty()) {
            paragraph("*None yet.*");
            return;
        }
        itemsOf(ActionItemDetails.Type.MITIGATIVE, "Mitigative (fixes this gap)");
        itemsOf(ActionItemDetails.Type.PREVENTATIVE, "Preventative (addresses the class of failure)");
        itemsOf(ActionItemDetails.Type.INVESTIGATIVE, "Investigative (finds out what is unknown)");
        itemsOf(null, "Without a type");
    }

    private void itemsOf(ActionItemDetails.@Nullable Type type, String heading) {
        List<ActionItemView> items = reading.items().stream()
                .filter(item -> Objects.equals(item.type, type))
                .toList();
        if (items.isEmpty()) {
            return;
        }
        line("### " + heading);
        line("");
        line("| Action | Owner | Priority | Due date | Status |");
        line("|--------|-------|----------|----------|--------|");
        for (ActionItemView item : items) {
            List<String> cells = new ArrayList<>();
            cells.add(MarkdownText.inline(item.reference + ": " + item.title));
            cells.add(item.owner == null ? "nobody" : MarkdownText.inline(people.nameOf(item.owner)));
            cells.add(item.priority == null ? "" : words(item.priority));
            cells.add(item.dueDate == null ? "" : item.dueDate.toString());
            cells.add(words(item.status));
            line("| " + String.join(" | ", cells) + " |");
        }
        line("");
    }

    private static String words(Enum<?> value) {
        String lower = value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return Character.toUpperCase(lower.charAt(0)) + lower.substring(1);
    }

    private @Nullable Instant began() {
        Instant first = incident.firstSignal();
        return first != null ? first : document.resolvedAt();
    }

    private void number(String what, @Nullable Object number, String unit) {
        if (number != null) {
            line("- " + what + ": " + number + unit);
        }
    }

    private static String length(double seconds) {
        Duration length = Duration.ofMillis(Math.round(seconds * 1000));
        if (length.toMinutes() < 1) {
            return length.toSeconds() + " seconds";
        }
        if (length.toHours() < 1) {
            return length.toMinutes() == 1 ? "1 minute" : length.toMinutes() + " minutes";
        }
        return length.toHours() + " h " + length.toMinutesPart() + " min";
    }

    private void fact(String name, String value) {
        // Two spaces: a line break within the paragraph.
        line("**" + name + ":** " + value + "  ");
    }

    private void heading(String words) {
        line("## " + words);
        line("");
    }

    private void paragraph(String words) {
        line(words.strip());
        line("");
    }

    private void line(String words) {
        text.append(words).append('\n');
    }
}
