package dev.hindsight.actionitem.view;

import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Severity;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;
import org.hibernate.annotations.Immutable;

/** An incident as far as its events have come here; {@link IncidentProjection} writes it. */
@Entity
@Immutable
@Table(name = "incident")
public class IncidentView extends PanacheEntityBase {

    @Id
    public UUID id;

    @Column(name = "reference")
    public String reference;

    @Column(name = "title")
    public String title;

    @Enumerated(EnumType.STRING)
    @Column(name = "severity")
    public Severity severity;

    @Column(name = "services")
    public String[] services;

    @Enumerated(EnumType.STRING)
    @Column(name = "status")
    public IncidentStatus status;

    /** For Hibernate. */
    protected IncidentView() {}
}
