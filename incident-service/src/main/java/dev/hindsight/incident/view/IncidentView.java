package dev.hindsight.incident.view;

import dev.hindsight.contract.Impact;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Visibility;
import dev.hindsight.incident.domain.Incident.Link;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** An incident as it stands now. */
@Entity
@Immutable
@Table(name = "incident")
@SuppressWarnings("NullAway.Init")
public class IncidentView extends PanacheEntityBase {

    @Id
    public UUID id;

    public String reference;
    public String title;
    public @Nullable String summary;

    @Enumerated(EnumType.STRING)
    @Column(columnDefinition = "text")
    public Severity severity;

    @Enumerated(EnumType.STRING)
    @Column(columnDefinition = "text")
    public IncidentStatus status;

    @Enumerated(EnumType.STRING)
    @Column(columnDefinition = "text")
    public IncidentKind kind;

    @Enumerated(EnumType.STRING)
    @Column(columnDefinition = "text")
    public Visibility visibility;

    @Column(name = "customer_facing")
    public boolean customerFacing;

    public boolean security;

    public String[] services;

    @JdbcTypeCode(SqlTypes.JSON)
    @Column(columnDefinition = "jsonb")
    public Map<String, String> roles;

    public UUID[] participants;

    @JdbcTypeCode(SqlTypes.JSON)
    @Column(columnDefinition = "jsonb")
    public Impact impact;

    @JdbcTypeCode(SqlTypes.JSON)
    @Column(columnDefinition = "jsonb")
    public Links links;

    @Column(name = "impact_started_at")
    public @Nullable Instant impactStartedAt;

    @Column(name = "detected_at")
    public @Nullable Instant detectedAt;

    @Column(name = "declared_at")
    public Instant declaredAt;

    @Column(name = "acknowledged_at")
    public @Nullable Instant acknowledgedAt;

    @Column(name = "mitigated_at")
    public @Nullable Instant mitigatedAt;

    @Column(name = "resolved_at")
    public @Nullable Instant resolvedAt;

    @Column(name = "closed_at")
    public @Nullable Instant closedAt;

    public int pages;
    public int reopenings;

    public String[] sources;

    public long version;

    /** An object around the links: Hibernate Reactive reads no JSON array from a column. */
    public record Links(List<Link> items) {}
}
