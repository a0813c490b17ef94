package dev.hindsight.incident.view;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A webhook delivery as it came. */
@Entity
@Immutable
@Table(name = "delivery")
@SuppressWarnings("NullAway.Init")
public class DeliveryView extends PanacheEntityBase {

    @Id
    public UUID id;

    @Column(name = "integration_id")
    public UUID integrationId;

    @Column(name = "event_type")
    public @Nullable String eventType;

    public String outcome;
    public @Nullable String reason;
    public UUID[] incidents;

    @JdbcTypeCode(SqlTypes.JSON)
    @Column(columnDefinition = "jsonb")
    public Map<String, String> headers;

    public byte[] body;
    public int attempts;

    @Column(name = "received_at")
    public Instant receivedAt;

    @Column(name = "last_received_at")
    public Instant lastReceivedAt;

    /** Since when headers and body are no longer kept. */
    @Column(name = "forgotten_at")
    public @Nullable Instant forgottenAt;
}
