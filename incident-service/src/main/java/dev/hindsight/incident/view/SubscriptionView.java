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

/** Who is told of events by webhooks, without address and secrets. */
@Entity
@Immutable
@Table(name = "subscription")
@SuppressWarnings("NullAway.Init")
public class SubscriptionView extends PanacheEntityBase {

    @Id
    public UUID id;

    public String name;
    public String format;

    @Column(name = "shown_url")
    public String shownUrl;

    @Column(name = "previous_until")
    public @Nullable Instant previousUntil;

    public String[] types;
    public String[] services;
    public String[] severities;

    @Column(name = "include_restricted")
    public boolean includeRestricted;

    @Column(name = "include_imported")
    public boolean includeImported;

    public String state;

    @Column(name = "disabled_because")
    public @Nullable String disabledBecause;

    @Column(name = "disabled_at")
    public @Nullable Instant disabledAt;

    @Column(name = "last_sequence")
    public long lastSequence;

    public int failures;

    @Column(name = "failing_since")
    public @Nullable Instant failingSince;

    @Column(name = "last_success_at")
    public @Nullable Instant lastSuccessAt;

    @Column(name = "not_before")
    public @Nullable Instant notBefore;

    public long version;

    @Column(name = "created_at")
    public Instant createdAt;

    @Column(name = "deleted_at")
    public @Nullable Instant deletedAt;
}
