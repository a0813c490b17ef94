package dev.hindsight.actionitem.view;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;
import org.hibernate.annotations.Immutable;

/** A person, team or service of the catalog; {@link CatalogProjection} writes it. */
@Entity
@Immutable
@Table(name = "catalog_entry")
public class CatalogEntryView extends PanacheEntityBase {

    @Id
    public UUID id;

    @Column(name = "name")
    public String name;

    /** For Hibernate. */
    protected CatalogEntryView() {}
}
