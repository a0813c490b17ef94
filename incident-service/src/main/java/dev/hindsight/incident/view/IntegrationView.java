package dev.hindsight.incident.view;

import dev.hindsight.contract.Severity;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A connected tool, without its secrets. */
@Entity
@Immutable
@Table(name = "integration")
@SuppressWarnings("NullAway.Init")
public class IntegrationView extends PanacheEntityBase {

    @Id
    public UUID id;

    public String name;
    public String provider;

    @Column(name = "previous_until")
    public @Nullable Instant previousUntil;

    @Column(name = "default_service")
    public @Nullable String defaultService;

    @Enumerated(EnumType.STRING)
    @Column(name = "default_severity", columnDefinition = "text")
    public Severity defaultSeverity;

    @JdbcTypeCode(SqlTypes.JSON)
    @Column(name = "severity_mapping", columnDefinition = "jsonb")
    public Map<String, String> severityMapping;

    @Column(name = "auto_declare")
    public boolean autoDeclare;

    @Column(name = "grouping_minutes")
    public int groupingMinutes;

    /** JMESPath expressions by what they find; null where there is none. */
    @JdbcTypeCode(SqlTypes.JSON)
    @Column(columnDefinition = "jsonb")
    public @Nullable Map<String, Object> mapping;

    public long version;

    @Column(name = "created_at")
    public Instant createdAt;

    @Column(name = "deleted_at")
    public @Nullable Instant deletedAt;
}
