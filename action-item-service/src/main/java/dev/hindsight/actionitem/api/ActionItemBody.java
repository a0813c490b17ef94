package dev.hindsight.actionitem.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.hindsight.actionitem.domain.AdvicePolicy;
import dev.hindsight.actionitem.domain.BalancePolicy;
import dev.hindsight.actionitem.domain.BalancePolicy.Warning;
import dev.hindsight.actionitem.domain.BalancePolicy.Weighed;
import dev.hindsight.actionitem.view.ActionItemQuery;
import dev.hindsight.actionitem.view.ActionItemView;
import dev.hindsight.actionitem.view.CatalogEntryView;
import dev.hindsight.actionitem.view.IncidentView;
import dev.hindsight.actionitem.view.People.Person;
import dev.hindsight.actionitem.view.Surroundings;
import dev.hindsight.contract.ActionItemDetails;
import dev.hindsight.contract.ActionItemDetails.Category;
import dev.hindsight.contract.ActionItemDetails.Priority;
import dev.hindsight.contract.ActionItemDetails.Risk;
import dev.hindsight.contract.ActionItemStatus;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An action item as it is answered. */
@Schema(name = "ActionItem", description = "One piece of work that follows from an incident.")
public record ActionItemBody(
        @Schema(required = true) UUID id,
        @Schema(required = true, examples = "ACT-7") String reference,
        @Schema(required = true) UUID incidentId,
        @Schema(required = true) UUID postmortemId,

        @Schema(nullable = true, description = "Null while none of its events has come here.")
        Surroundings.@Nullable Incident incident,

        @Schema(required = true) String title,
        @Schema(nullable = true) ActionItemDetails.@Nullable Change change,

        @Schema(
                nullable = true,
                description = "One person of the catalog; name is null where the catalog has none (yet).")
        @Nullable
        Person owner,

        @Schema(nullable = true) @Nullable LocalDate dueDate,
        @Nullable Priority priority,
        @Schema(nullable = true) ActionItemDetails.@Nullable Type type,
        @Nullable Category category,
        @Schema(nullable = true) @Nullable Risk risk,
        ActionItemDetails.@Nullable Verification verification,
        @Schema(required = true) ActionItemStatus status,
        @Schema(required = true) QualityBody quality,

        @Schema(required = true, description = "Open, and due before today (UTC).")
        boolean overdue,

        @Schema(required = true, description = "Days since the due date of an overdue item, else 0.")
        long overdueDays,

        @Schema(required = true) Instant createdAt,
        @Schema(nullable = true) @Nullable Instant acceptedAt,
        @Nullable Instant startedAt,
        @Schema(nullable = true) @Nullable Instant completedAt,
        @Nullable String completionNote,
        @Schema(nullable = true) @Nullable Instant verifiedAt,
        @Nullable String evidence,
        @Schema(nullable = true) @Nullable Instant canceledAt,
        @Nullable String cancellationReason,

        @Schema(required = true, description = "When the last thing happened to it.")
        Instant changedAt,

        @Schema(required = true) long version,

        @Schema(description = "What is worth a second look; stands against nothing. In answers of commands only.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        List<Warning> warnings) {

    /** The answer of a command. */
    static ActionItemBody ofCommand(ActionItemView item, Surroundings beside, LocalDate today) {
        List<Warning> warnings = new ArrayList<>(AdvicePolicy.judge(
                item.details(),
                today,
                beside.owner() == null || beside.owner().name() != null,
                beside.incident() != null));
        List<Weighed> all = new ArrayList<>(beside.siblings());
        if (item.status != ActionItemStatus.CANCELED) {
            all.add(new Weighed(item.category, item.type));
        }
        warnings.addAll(BalancePolicy.judge(all).warnings());
        return of(item, beside.owner(), beside.incident(), today, warnings);
    }

    /** One that was read. */
    static ActionItemBody ofRow(ActionItemQuery.Row row, LocalDate today) {
        CatalogEntryView owner = row.owner();
        IncidentView incident = row.incident();
        return of(
                row.item(),
                row.item().owner == null ? null : new Person(row.item().owner, owner == null ? null : owner.name),
                incident == null
                        ? null
                        : new Surroundings.Incident(
                                incident.id,
                                incident.reference,
                                incident.title,
                                incident.severity,
                                incident.status,
                                List.of(incident.services)),
                today,
                null);
    }

    private static ActionItemBody of(
            ActionItemView item,
            @Nullable Person owner,
            Surroundings.@Nullable Incident incident,
            LocalDate today,
            @Nullable List<Warning> warnings) {
        ActionItemDetails details = item.details();
        boolean overdue = item.status.isOpen() && item.dueDate != null && item.dueDate.isBefore(today);
        return new ActionItemBody(
                item.id,
                item.reference,
                item.incidentId,
                item.postmortemId,
                incident,
                item.title,
                details.change(),
                owner,
                item.dueDate,
                item.priority,
                item.type,
                item.category,
                item.risk,
                details.verification(),
                item.status,
                QualityBody.of(details),
                overdue,
                overdue && item.dueDate != null ? ChronoUnit.DAYS.between(item.dueDate, today) : 0,
                item.createdAt,
                item.acceptedAt,
                item.startedAt,
                item.completedAt,
                item.completionNote,
                item.verifiedAt,
                item.evidence,
                item.canceledAt,
                item.cancellationReason,
                item.changedAt,
                item.version,
                warnings);
    }
}
