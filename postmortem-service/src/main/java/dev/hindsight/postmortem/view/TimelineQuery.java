package dev.hindsight.postmortem.view;

import dev.hindsight.conventions.access.Reader;
import dev.hindsight.conventions.access.Visible;
import dev.hindsight.conventions.paging.Cursor;
import dev.hindsight.conventions.paging.Page;
import dev.hindsight.conventions.problem.NotFound;
import dev.hindsight.postmortem.domain.EntryKind;
import dev.hindsight.postmortem.domain.TimelineEntry;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.panache.common.Parameters;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads timelines: in the order in which things happened, with names instead of ids. */
@ApplicationScoped
public class TimelineQuery {

    private static final String ENTRIES =
            "select " + TimelineEntryView.COLUMNS + " from timeline_entry where incident_id = $1 and not superseded";
    private static final String ORDER = " order by occurred_at, source_order, sequence";

    private final PeopleQuery people;
    private final ReferenceQuery references;
    private final Pool pool;

    TimelineQuery(PeopleQuery people, ReferenceQuery references, Pool pool) {
        this.people = people;
        this.references = references;
        this.pool = pool;
    }

    /**
     * An entry as people read it.
     *
     * @param person name of whom the text is about; null where it is about nobody
     */
    public record Line(
            TimelineEntryView entry,
            String actor,
            String text,
            @Nullable String person) {}

    /** A part of the timeline of an incident. */
    public record Timeline(IncidentView incident, Page<Line> page) {}

    /**
     * A page of a timeline.
     *
     * @param kind null: every kind
     * @param key true: only key entries; false: only the others; null: all
     */
    public Uni<Timeline> page(
            Reader reader,
            UUID incidentId,
            @Nullable EntryKind kind,
            @Nullable Boolean key,
            int limit,
            Optional<Cursor> after) {
        StringBuilder sql = new StringBuilder(ENTRIES);
        List<Object> parameters = new ArrayList<>(List.of(incidentId));
        if (kind != null) {
            parameters.add(kind.name());
            sql.append(" and kind = $").append(parameters.size());
        }
        if (key != null) {
            parameters.add(key);
            sql.append(" and is_key = $").append(parameters.size());
        }
        after.ifPresent(cursor -> {
            int at = parameters.size();
            sql.append(
                    " and (occurred_at, source_order, sequence) > ($%d, $%d, $%d)".formatted(at + 1, at + 2, at + 3));
            parameters.add(cursor.instant(0).atOffset(ZoneOffset.UTC));
            parameters.add(Math.toIntExact(cursor.number(1)));
            parameters.add(cursor.number(2));
        });
        sql.append(ORDER).append(" limit ").append(limit + 1);
        return Panache.withSession(() -> incident(reader, incidentId))
                .chain(incident -> entries(sql.toString(), parameters)
                        .chain(found -> lines(reader, found))
                        .map(lines -> new Timeline(
                                incident,
                                Page.of(
                                        lines,
                                        limit,
                                        line -> Cursor.of(
                                                line.entry().occurredAt(),
                                                line.entry().sourceOrder(),
                                                line.entry().sequence())))));
    }

    /** Every entry of a timeline of an incident that the reader may see. */
    public Uni<List<Line>> all(Reader reader, UUID incidentId) {
        return entries(ENTRIES + ORDER, List.of(incidentId)).chain(found -> lines(reader, found));
    }

    private Uni<List<TimelineEntryView>> entries(String sql, List<Object> parameters) {
        return pool.preparedQuery(sql).execute(Tuple.from(parameters)).map(rows -> {
            List<TimelineEntryView> entries = new ArrayList<>(rows.size());
            rows.forEach(row -> entries.add(TimelineEntryView.of(row)));
            return entries;
        });
    }

    private static Uni<IncidentView> incident(Reader reader, UUID incidentId) {
        Parameters parameters = Parameters.with("id", incidentId);
        String visible = Visible.hql(reader, "i.id", parameters::and);
        return IncidentView.<IncidentView>find("from IncidentView i where i.id = :id" + visible, parameters)
                .firstResult()
                .onItem()
                .ifNull()
                .failWith(() -> new NotFound("incident", incidentId));
    }

    private Uni<List<Line>> lines(Reader reader, List<TimelineEntryView> entries) {
        Set<UUID> persons = new HashSet<>();
        Set<UUID> incidents = new HashSet<>();
        for (TimelineEntryView entry : entries) {
            PeopleQuery.addPerson(persons, entry.actor());
            if (entry.aboutPerson() != null) {
                persons.add(entry.aboutPerson());
            }
            if (entry.aboutIncident() != null) {
                incidents.add(entry.aboutIncident());
            }
        }
        return people.of(persons)
                .chain(names -> references.of(reader, incidents).map(known -> entries.stream()
                        .map(entry -> new Line(
                                entry,
                                names.nameOfActor(entry.actor()),
                                text(entry, names, known),
                                entry.aboutPerson() == null ? null : names.nameOf(entry.aboutPerson())))
                        .toList()));
    }

    private static String text(TimelineEntryView entry, People names, Map<UUID, String> references) {
        String subject = entry.aboutPerson() != null
                ? names.nameOf(entry.aboutPerson())
                : entry.aboutIncident() != null
                        ? references.getOrDefault(
                                entry.aboutIncident(), entry.aboutIncident().toString())
                        : null;
        int at = subject == null ? -1 : entry.text().indexOf(TimelineEntry.SUBJECT);
        return at < 0
                ? entry.text()
                : entry.text().substring(0, at) + subject + entry.text().substring(at + TimelineEntry.SUBJECT.length());
    }
}
