package dev.hindsight.incident.view;

import dev.hindsight.contract.CalendarEvent.Changed;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A calendar as it is now. */
@Entity
@Immutable
@Table(name = "calendar")
@SuppressWarnings("NullAway.Init")
public class CalendarView extends PanacheEntityBase {

    @Id
    public UUID id;

    @Column(name = "team_id")
    public @Nullable UUID teamId;

    @JdbcTypeCode(SqlTypes.JSON)
    @Column(columnDefinition = "jsonb")
    public Changed calendar;

    public long version;
}
