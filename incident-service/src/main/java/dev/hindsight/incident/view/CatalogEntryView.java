package dev.hindsight.incident.view;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A person, service or team of the catalog. */
@Entity
@Immutable
@Table(name = "catalog_entry")
@SuppressWarnings("NullAway.Init")
public class CatalogEntryView extends PanacheEntityBase {

    @Id
    public UUID id;

    public String kind;
    public String name;
    public @Nullable String tool;
    public @Nullable String key;

    @Column(name = "team_id")
    public @Nullable UUID teamId;

    @Column(name = "lead_id")
    public @Nullable UUID leadId;

    @Column(name = "time_zone")
    public @Nullable String timeZone;

    /** Of the token that a person is linked to. */
    public @Nullable String subject;

    public boolean learned;

    @Column(name = "merged_into")
    public @Nullable UUID mergedInto;

    @Column(name = "name_removed")
    public boolean nameRemoved;

    public long version;
}
