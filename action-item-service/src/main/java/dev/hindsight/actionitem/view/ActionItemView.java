package dev.hindsight.actionitem.view;

import dev.hindsight.actionitem.domain.ActionItem;
import dev.hindsight.contract.ActionItemDetails;
import dev.hindsight.contract.ActionItemDetails.Category;
import dev.hindsight.contract.ActionItemDetails.Change;
import dev.hindsight.contract.ActionItemDetails.ChangeKind;
import dev.hindsight.contract.ActionItemDetails.Priority;
import dev.hindsight.contract.ActionItemDetails.Risk;
import dev.hindsight.contract.ActionItemDetails.Verification;
import dev.hindsight.contract.ActionItemDetails.VerificationKind;
import dev.hindsight.contract.ActionItemStatus;
import dev.hindsight.eventstore.StreamIds;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** One item as it is now: the row that is written with its newest event, and read by every list. */
@Entity
@Immutable
@Table(name = "action_item")
public class ActionItemView extends PanacheEntityBase {

    /** Where items without a due date are sorted: behind all others. */
    private static final LocalDate NO_DUE_DATE = LocalDate.of(9999, 12, 31);

    @Id
    public UUID id;

    @Column(name = "version")
    public long version;

    @Column(name = "reference")
    public String reference;

    @Column(name = "incident_id")
    public UUID incidentId;

    @Column(name = "postmortem_id")
    public UUID postmortemId;

    @Enumerated(EnumType.STRING)
    @Column(name = "status")
    public ActionItemStatus status;

    @Column(name = "title")
    public String title;

    @Enumerated(EnumType.STRING)
    @Column(name = "change_kind")
    public @Nullable ChangeKind changeKind;

    @Column(name = "change_description")
    public @Nullable String changeDescription;

    @Column(name = "change_url")
    public @Nullable String changeUrl;

    @Column(name = "owner")
    public @Nullable UUID owner;

    @Column(name = "due_date")
    public @Nullable LocalDate dueDate;

    @Column(name = "sort_due")
    public LocalDate sortDue;

    @Enumerated(EnumType.STRING)
    @Column(name = "priority")
    public @Nullable Priority priority;

    @Enumerated(EnumType.STRING)
    @Column(name = "type")
    public ActionItemDetails.@Nullable Type type;

    @Enumerated(EnumType.STRING)
    @Column(name = "category")
    public @Nullable Category category;

    @Enumerated(EnumType.STRING)
    @Column(name = "risk")
    public @Nullable Risk risk;

    @Enumerated(EnumType.STRING)
    @Column(name = "verification_kind")
    public @Nullable VerificationKind verificationKind;

    @Column(name = "verification_description")
    public @Nullable String verificationDescription;

    @Column(name = "created_at")
    public Instant createdAt;

    @Column(name = "accepted_at")
    public @Nullable Instant acceptedAt;

    @Column(name = "started_at")
    public @Nullable Instant startedAt;

    @Column(name = "completed_at")
    public @Nullable Instant completedAt;

    @Column(name = "completion_note")
    public @Nullable String completionNote;

    @Column(name = "verified_at")
    public @Nullable Instant verifiedAt;

    @Column(name = "evidence")
    public @Nullable String evidence;

    @Column(name = "canceled_at")
    public @Nullable Instant canceledAt;

    @Column(name = "cancellation_reason")
    public @Nullable String cancellationReason;

    @Column(name = "changed_at")
    public Instant changedAt;

    /** For Hibernate. */
    protected ActionItemView() {}

    /** The row of a state. */
    public static ActionItemView of(UUID id, long version, ActionItem.Existing item) {
        ActionItemView row = new ActionItemView();
        ActionItem.Core core = item.core();
        row.id = id;
        row.version = version;
        row.reference = core.reference();
        row.incidentId = core.incidentId();
        row.postmortemId = core.postmortemId() == null ? StreamIds.postmortem(core.incidentId()) : core.postmortemId();
        row.status = item.status();
        row.createdAt = core.createdAt();
        row.changedAt = core.changedAt();
        row.describe(core.details());
        row.progress(item);
        return row;
    }

    private void describe(ActionItemDetails details) {
        title = details.title();
        Change change = details.change();
        if (change != null) {
            changeKind = change.kind();
            changeDescription = change.description();
            changeUrl = change.url();
        }
        owner = details.owner();
        dueDate = details.dueDate();
        sortDue = dueDate == null ? NO_DUE_DATE : dueDate;
        priority = details.priority();
        type = details.type();
        category = details.category();
        risk = details.risk();
        Verification verification = details.verification();
        if (verification != null) {
            verificationKind = verification.kind();
            verificationDescription = verification.description();
        }
    }

    private void progress(ActionItem.Existing item) {
        switch (item) {
            case ActionItem.Proposed _ -> {}
            case ActionItem.Accepted accepted -> acceptedAt = accepted.acceptedAt();
            case ActionItem.InProgress inProgress -> {
                acceptedAt = inProgress.acceptedAt();
                startedAt = inProgress.startedAt();
            }
            case ActionItem.Done done -> progress(done);
            case ActionItem.Verified verified -> {
                progress(verified.done());
                verifiedAt = verified.verifiedAt();
                evidence = verified.evidence();
            }
            case ActionItem.Canceled canceled -> {
                acceptedAt = canceled.acceptedAt();
                startedAt = canceled.startedAt();
                canceledAt = canceled.canceledAt();
                cancellationReason = canceled.reason();
            }
        }
    }

    private void progress(ActionItem.Done done) {
        acceptedAt = done.acceptedAt();
        startedAt = done.startedAt();
        completedAt = done.completedAt();
        completionNote = done.note();
    }

    /** What the item says about itself. */
    public ActionItemDetails details() {
        return new ActionItemDetails(
                title,
                changeKind == null || changeDescription == null
                        ? null
                        : new Change(changeKind, changeDescription, changeUrl),
                owner,
                dueDate,
                priority,
                type,
                category,
                risk,
                verificationKind == null || verificationDescription == null
                        ? null
                        : new Verification(verificationKind, verificationDescription));
    }

    /** Every column that {@link #row()} sets. */
    public static List<String> columns() {
        return List.of(
                "id",
                "version",
                "reference",
                "incident_id",
                "postmortem_id",
                "status",
                "title",
                "change_kind",
                "change_description",
                "change_url",
                "owner",
                "due_date",
                "sort_due",
                "priority",
                "type",
                "category",
                "risk",
                "verification_kind",
                "verification_description",
                "created_at",
                "accepted_at",
                "started_at",
                "completed_at",
                "completion_note",
                "verified_at",
                "evidence",
                "canceled_at",
                "cancellation_reason",
                "changed_at");
    }

    /** The row, column by column. */
    public Map<String, @Nullable Object> row() {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("id", id);
        row.put("version", version);
        row.put("reference", reference);
        row.put("incident_id", incidentId);
        row.put("postmortem_id", postmortemId);
        row.put("status", status);
        row.put("title", title);
        row.put("change_kind", changeKind);
        row.put("change_description", changeDescription);
        row.put("change_url", changeUrl);
        row.put("owner", owner);
        row.put("due_date", dueDate);
        row.put("sort_due", sortDue);
        row.put("priority", priority);
        row.put("type", type);
        row.put("category", category);
        row.put("risk", risk);
        row.put("verification_kind", verificationKind);
        row.put("verification_description", verificationDescription);
        row.put("created_at", createdAt);
        row.put("accepted_at", acceptedAt);
        row.put("started_at", startedAt);
        row.put("completed_at", completedAt);
        row.put("completion_note", completionNote);
        row.put("verified_at", verifiedAt);
        row.put("evidence", evidence);
        row.put("canceled_at", canceledAt);
        row.put("cancellation_reason", cancellationReason);
        row.put("changed_at", changedAt);
        return row;
    }
}
