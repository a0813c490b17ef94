package dev.hindsight.postmortem.view;

import dev.hindsight.postmortem.domain.PostmortemStatus;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A postmortem, as its own stream and its incident tell it. */
@Entity
@Immutable
@Table(name = "postmortem")
public class PostmortemView extends PanacheEntityBase {

    @Id
    public UUID id;

    @Column(name = "incident_id")
    public UUID incidentId;

    @SuppressWarnings("NullAway.Init")
    @ManyToOne(fetch = FetchType.LAZY)
    @JoinColumn(name = "incident_id", insertable = false, updatable = false)
    public IncidentView incident;

    @Column(name = "status")
    @Enumerated(EnumType.STRING)
    PostmortemStatus status;

    @Column(name = "owner")
    @Nullable
    UUID owner;

    @Column(name = "resolved_at")
    public Instant resolvedAt;

    @Column(name = "content")
    String content;

    /** Everything that is written. */
    public PostmortemContent content() {
        return ViewJson.read(content, PostmortemContent.class);
    }
}
