package dev.hindsight.actionitem.view;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A person, team or service of the catalog; {@link dev.hindsight.conventions.catalog.CatalogProjection} writes it. */
@Entity
@Immutable
@Table(name = "catalog_entry")
public class CatalogEntryView extends PanacheEntityBase {

    @Id
    public UUID id;

    /** Null of a person whose name was removed. */
    @Column(name = "name")
    public @Nullable String name;

    /** The entry that it really is; null: none but itself. */
    @Column(name = "merged_into")
    public @Nullable UUID mergedInto;

    /** For Hibernate. */
    protected CatalogEntryView() {}
}
