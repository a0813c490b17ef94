package dev.hindsight.postmortem.view;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;
import org.hibernate.annotations.Immutable;

/** A person as the catalog knows them. */
@Entity
@Immutable
@Table(name = "person")
public class PersonView extends PanacheEntityBase {

    @Id
    public UUID id;

    @Column(name = "name")
    public String name;
}
