package dev.hindsight.postmortem.view;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.hindsight.contract.ActionItemDetails;
import dev.hindsight.contract.ActionItemDetails.Category;
import dev.hindsight.contract.ActionItemDetails.Priority;
import dev.hindsight.contract.ActionItemStatus;
import dev.hindsight.contract.QualityFinding;
import dev.hindsight.postmortem.domain.Surroundings.FollowUp;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** An action item of an incident. */
@Entity
@Immutable
@Table(name = "action_item")
public class ActionItemView extends PanacheEntityBase {

    private static final TypeReference<List<QualityFinding>> FINDINGS = new TypeReference<>() {};

    @Id
    public UUID id;

    @Column(name = "incident_id")
    public UUID incidentId;

    @Column(name = "reference")
    public String reference;

    @Column(name = "title")
    public String title;

    @Column(name = "owner")
    public @Nullable UUID owner;

    @Column(name = "due_date")
    public @Nullable LocalDate dueDate;

    @Column(name = "priority")
    @Enumerated(EnumType.STRING)
    public @Nullable Priority priority;

    @Column(name = "type")
    @Enumerated(EnumType.STRING)
    public ActionItemDetails.@Nullable Type type;

    @Column(name = "category")
    @Enumerated(EnumType.STRING)
    public @Nullable Category category;

    @Column(name = "status")
    @Enumerated(EnumType.STRING)
    public ActionItemStatus status;

    @Column(name = "findings")
    String findings;

    @Column(name = "proposed_at")
    Instant proposedAt;

    /** Where it misses the quality bar. */
    public List<QualityFinding> findings() {
        return ViewJson.read(findings, FINDINGS);
    }

    /** As the gate looks at it. */
    public FollowUp followUp() {
        return new FollowUp(reference, title, status, type, category, dueDate, findings());
    }
}
