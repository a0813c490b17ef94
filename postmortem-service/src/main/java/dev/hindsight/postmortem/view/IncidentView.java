package dev.hindsight.postmortem.view;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.hindsight.contract.Impact;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Milestones;
import dev.hindsight.contract.Severity;
import dev.hindsight.postmortem.domain.Durations;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** An incident as its own events tell it. */
@Entity
@Immutable
@Table(name = "incident")
public class IncidentView extends PanacheEntityBase {

    private static final TypeReference<TreeMap<String, UUID>> ROLES = new TypeReference<>() {};

    @Id
    public UUID id;

    public long version;

    @Column(name = "reference")
    public String reference;

    @Column(name = "title")
    public String title;

    @Column(name = "severity")
    @Enumerated(EnumType.STRING)
    public Severity severity;

    @Column(name = "status")
    @Enumerated(EnumType.STRING)
    public IncidentStatus status;

    @Column(name = "kind")
    @Enumerated(EnumType.STRING)
    public IncidentKind kind;

    @Column(name = "services")
    public String[] services;

    @Column(name = "customer_facing")
    public boolean customerFacing;

    @Column(name = "security")
    public boolean security;

    @Column(name = "imported")
    public boolean imported;

    @Column(name = "roles")
    String roles;

    @Column(name = "acknowledger")
    public @Nullable UUID acknowledger;

    @Column(name = "impact")
    String impact;

    @Column(name = "impact_started_at")
    @Nullable
    Instant impactStartedAt;

    @Column(name = "detected_at")
    @Nullable
    Instant detectedAt;

    @Column(name = "declared_at")
    @Nullable
    Instant declaredAt;

    @Column(name = "acknowledged_at")
    @Nullable
    Instant acknowledgedAt;

    @Column(name = "mitigated_at")
    @Nullable
    Instant mitigatedAt;

    @Column(name = "resolved_at")
    @Nullable
    Instant resolvedAt;

    @Column(name = "closed_at")
    @Nullable
    Instant closedAt;

    public int reopenings;

    @Column(name = "first_alert_at")
    @Nullable
    Instant firstAlertAt;

    @Column(name = "first_page_at")
    @Nullable
    Instant firstPageAt;

    public long pages;

    @Column(name = "pages_judged")
    public long pagesJudged;

    @Column(name = "pages_after_hours")
    public long pagesAfterHours;

    /** Who holds which role now. */
    public SortedMap<String, UUID> roles() {
        return ViewJson.read(roles, ROLES);
    }

    public Impact impact() {
        return ViewJson.read(impact, Impact.class);
    }

    public List<String> services() {
        return List.of(services);
    }

    public Milestones milestones() {
        return new Milestones(
                impactStartedAt, detectedAt, declaredAt, acknowledgedAt, mitigatedAt, resolvedAt, closedAt);
    }

    /** The last resolution, else the closing; null where neither is known. */
    public @Nullable Instant overSince() {
        return resolvedAt != null ? resolvedAt : closedAt;
    }

    public Durations durations() {
        return Durations.of(milestones(), firstAlertAt, firstPageAt);
    }

    /** The earliest sign of it; null where no time is known. */
    public @Nullable Instant firstSignal() {
        return Durations.firstSignal(milestones(), firstAlertAt, firstPageAt);
    }
}
