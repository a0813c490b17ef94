package dev.hindsight.postmortem.view;

import dev.hindsight.postmortem.domain.EntryKind;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** One entry of a timeline, as the event of the same id tells it. */
@Entity
@Immutable
@Table(name = "timeline_entry")
public class TimelineEntryView extends PanacheEntityBase {

    @Id
    public UUID id;

    @Column(name = "incident_id")
    public UUID incidentId;

    public long sequence;

    @Column(name = "kind")
    @Enumerated(EnumType.STRING)
    public EntryKind kind;

    @Column(name = "occurred_at")
    public Instant occurredAt;

    @Column(name = "source_order")
    public int sourceOrder;

    @Column(name = "recorded_at")
    public Instant recordedAt;

    @Column(name = "actor")
    public String actor;

    @Column(name = "text")
    public String text;

    @Column(name = "about_person")
    public @Nullable UUID aboutPerson;

    @Column(name = "about_incident")
    public @Nullable UUID aboutIncident;

    @Column(name = "is_key")
    public boolean pinned;

    @Column(name = "superseded")
    public boolean superseded;

    @Column(name = "source")
    public String source;

    @Column(name = "delivery_id")
    public @Nullable UUID deliveryId;

    @Column(name = "url")
    public @Nullable String url;
}
