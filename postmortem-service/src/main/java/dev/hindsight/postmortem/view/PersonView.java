package dev.hindsight.postmortem.view;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A person as the catalog knows them; {@link dev.hindsight.conventions.catalog.CatalogProjection} writes it. */
@Entity
@Immutable
@Table(name = "catalog_entry")
public class PersonView extends PanacheEntityBase {

    @Id
    public UUID id;

    @Nullable
    String kind;

    /** Null where it was removed. */
    @Column(name = "name")
    public @Nullable String name;

    /** Who it really is; null: nobody else. */
    @Column(name = "merged_into")
    public @Nullable UUID mergedInto;

    /** Who it really is. */
    UUID self() {
        return mergedInto == null ? id : mergedInto;
    }
}
