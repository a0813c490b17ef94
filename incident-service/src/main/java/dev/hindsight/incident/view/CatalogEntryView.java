package dev.hindsight.incident.view;

import dev.hindsight.contract.CatalogEvent.Alias;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
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

    /** By which further aliases tools mean it, as people say. */
    @JdbcTypeCode(SqlTypes.JSON)
    @Column(columnDefinition = "jsonb")
    public Aliases aliases;

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

    /** An object around the aliases: Hibernate Reactive reads no JSON array from a column. */
    public record Aliases(List<Alias> items) {}
}
