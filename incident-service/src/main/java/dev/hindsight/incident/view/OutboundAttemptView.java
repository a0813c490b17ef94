package dev.hindsight.incident.view;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** One request to a receiver of webhooks. */
@Entity
@Immutable
@Table(name = "outbound_attempt")
@SuppressWarnings("NullAway.Init")
public class OutboundAttemptView extends PanacheEntityBase {

    @Id
    public UUID id;

    @Column(name = "subscription_id")
    public UUID subscriptionId;

    public long sequence;

    @Column(name = "event_id")
    public UUID eventId;

    @Column(name = "event_type")
    public String eventType;

    @Column(name = "key_id")
    public UUID keyId;

    @Column(name = "attempted_at")
    public Instant attemptedAt;

    @Column(name = "took_millis")
    public long tookMillis;

    public String outcome;
    public @Nullable Integer status;
    public @Nullable String error;
    public @Nullable String detail;

    @Column(name = "next_attempt_at")
    public @Nullable Instant nextAttemptAt;
}
