package dev.hindsight.conventions.access;

import dev.hindsight.contract.ActionItemEvent;
import dev.hindsight.contract.CatalogEvent;
import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Visibility;
import dev.hindsight.eventstore.NewEvent;
import dev.hindsight.eventstore.StatementPart;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What events change about who may see an incident, as writes: of consumed events in the projection's transaction, of a
 * service's own events in the statement that appends them, so that a restriction holds for the very next reader.
 */
public final class AccessChanges {

    private static final String RESTRICT = "insert into restricted_incident (incident_id)"
            + " select n.id from unnest($1::uuid[]) as n(id) order by n.id on conflict do nothing";

    private static final String OPEN = "delete from restricted_incident where incident_id = any ($1::uuid[])";

    private static final String TAKE_PART = """
            insert into participation as p (incident_id, way, person, happened_at, source_order, version)
            select n.incident_id, n.way, n.person, n.happened_at, n.source_order, n.version
            from unnest($1::uuid[], $2::text[], $3::uuid[], $4::timestamptz[], $5::int[], $6::bigint[])
              as n(incident_id, way, person, happened_at, source_order, version)
            order by n.incident_id, n.way
            on conflict (incident_id, way) do update
            set person = excluded.person, happened_at = excluded.happened_at, source_order = excluded.source_order,
                version = excluded.version
            where (excluded.happened_at, excluded.source_order, excluded.version)
                > (p.happened_at, p.source_order, p.version)""";

    private static final String OWN_ITEMS = """
            insert into item_participation (item_id, incident_id, person)
            select n.item_id, n.incident_id, n.person
            from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as n(item_id, incident_id, person) order by n.item_id
            on conflict (item_id) do update set incident_id = excluded.incident_id, person = excluded.person""";

    private static final String LINK = """
            insert into person_subject (person, subject)
            select n.person, n.subject from unnest($1::uuid[], $2::text[]) as n(person, subject) order by n.person
            on conflict (person) do update set subject = excluded.subject""";

    private static final String UNLINK = "delete from person_subject where person = any ($1::uuid[])";

    private final Map<UUID, Boolean> restricted = new TreeMap<>();
    private final Map<Way, Part> parts =
            new TreeMap<>(Comparator.comparing(Way::incident).thenComparing(Way::name));
    private final Map<UUID, Owner> items = new TreeMap<>();
    private final Map<UUID, Optional<String>> subjects = new TreeMap<>();

    private AccessChanges() {}

    private record Way(UUID incident, String name) {}

    /** Who takes part in that way, and since which fact. */
    private record Part(@Nullable UUID person, Instant happenedAt, int sourceOrder, long version) {

        private static final Comparator<Part> BY_TIME = Comparator.comparing(Part::happenedAt)
                .thenComparingInt(Part::sourceOrder)
                .thenComparingLong(Part::version);

        static Part later(Part one, Part other) {
            return BY_TIME.compare(one, other) < 0 ? other : one;
        }
    }

    /** Who takes part in an incident by an item; null: nobody. */
    private record Owner(UUID incident, @Nullable UUID person) {}

    /** Of events as they were consumed, in order within each stream. */
    public static AccessChanges of(List<Recorded<DomainEvent>> events) {
        AccessChanges changes = new AccessChanges();
        for (Recorded<DomainEvent> recorded : events) {
            changes.take(
                    recorded.event(),
                    recorded.header().streamId(),
                    recorded.header().sequence(),
                    recorded.header().occurredAt(),
                    recorded.header().sourceOrder());
        }
        return changes;
    }

    /**
     * Of events that are about to be appended to one stream.
     *
     * @param version of the stream after them
     */
    public AccessChanges and(UUID streamId, long version, List<NewEvent> events) {
        long next = version - events.size();
        for (NewEvent event : events) {
            next++;
            take(event.event(), streamId, next, event.occurredAt(), event.sourceOrder());
        }
        return this;
    }

    /** Of nothing yet. */
    public static AccessChanges none() {
        return new AccessChanges();
    }

    /** The writes; none for most events. */
    public List<StatementPart> parts() {
        List<StatementPart> writes = new ArrayList<>();
        UUID[] closed = incidents(true);
        UUID[] opened = incidents(false);
        if (closed.length > 0) {
            writes.add(new StatementPart("access_restricted", RESTRICT, List.of((Object) closed)));
        }
        if (opened.length > 0) {
            writes.add(new StatementPart("access_opened", OPEN, List.of((Object) opened)));
        }
        if (!parts.isEmpty()) {
            writes.add(new StatementPart(
                    "access_participation",
                    TAKE_PART,
                    List.of(
                            parts.keySet().stream().map(Way::incident).toArray(UUID[]::new),
                            parts.keySet().stream().map(Way::name).toArray(String[]::new),
                            parts.values().stream().map(Part::person).toArray(UUID[]::new),
                            parts.values().stream()
                                    .map(part -> part.happenedAt().atOffset(ZoneOffset.UTC))
                                    .toArray(OffsetDateTime[]::new),
                            parts.values().stream().map(Part::sourceOrder).toArray(Integer[]::new),
                            parts.values().stream().map(Part::version).toArray(Long[]::new))));
        }
        if (!items.isEmpty()) {
            writes.add(new StatementPart(
                    "access_items",
                    OWN_ITEMS,
                    List.of(
                            items.keySet().toArray(UUID[]::new),
                            items.values().stream().map(Owner::incident).toArray(UUID[]::new),
                            items.values().stream().map(Owner::person).toArray(UUID[]::new))));
        }
        UUID[] linked = people(true);
        UUID[] unlinked = people(false);
        if (linked.length > 0) {
            writes.add(new StatementPart(
                    "access_linked",
                    LINK,
                    List.of(
                            linked,
                            subjects.values().stream().flatMap(Optional::stream).toArray(String[]::new))));
        }
        if (unlinked.length > 0) {
            writes.add(new StatementPart("access_unlinked", UNLINK, List.of((Object) unlinked)));
        }
        return writes;
    }

    /** The same, one after the other. */
    Uni<Void> write(SqlConnection transaction) {
        return Multi.createFrom()
                .iterable(parts())
                .onItem()
                .transformToUniAndConcatenate(
                        part -> transaction.preparedQuery(part.sql()).execute(Tuple.from(part.parameters())))
                .collect()
                .last()
                .replaceWithVoid();
    }

    private UUID[] incidents(boolean closed) {
        return restricted.entrySet().stream()
                .filter(incident -> incident.getValue() == closed)
                .map(Map.Entry::getKey)
                .toArray(UUID[]::new);
    }

    private UUID[] people(boolean linked) {
        return subjects.entrySet().stream()
                .filter(person -> person.getValue().isPresent() == linked)
                .map(Map.Entry::getKey)
                .toArray(UUID[]::new);
    }

    private void take(DomainEvent event, UUID streamId, long version, Instant occurredAt, int sourceOrder) {
        switch (event) {
            case IncidentEvent.Declared declared -> {
                // A declaration may restrict, also one that comes late; only a person opens the incident again.
                if (declared.visibility() == Visibility.RESTRICTED) {
                    restricted.put(streamId, true);
                }
            }
            case IncidentEvent.VisibilityChanged changed ->
                restricted.put(streamId, changed.visibility() == Visibility.RESTRICTED);
            case IncidentEvent.RoleAssigned assigned ->
                part(
                        streamId,
                        "role:" + assigned.role(),
                        new Part(assigned.person(), occurredAt, sourceOrder, version));
            case IncidentEvent.Paged paged ->
                part(streamId, "page:" + paged.person(), recorded(paged.person(), version));
            case IncidentEvent.ParticipantAdded added ->
                part(streamId, "added:" + added.person(), recorded(added.person(), version));
            case IncidentEvent.ParticipantRemoved removed ->
                part(streamId, "added:" + removed.person(), recorded(null, version));
            case CatalogEvent.PersonLinked linked -> subjects.put(streamId, Optional.of(linked.subject()));
            case CatalogEvent.PersonUnlinked _ -> subjects.put(streamId, Optional.empty());
            case ActionItemEvent.Proposed proposed ->
                items.put(
                        streamId,
                        new Owner(proposed.incidentId(), proposed.details().owner()));
            case ActionItemEvent.Revised revised ->
                items.put(
                        streamId,
                        new Owner(revised.incidentId(), revised.details().owner()));
            // It will not be done, so it makes nobody a participant.
            case ActionItemEvent.Canceled canceled -> items.put(streamId, new Owner(canceled.incidentId(), null));
            default -> {
                // Most events change nothing about who may see what.
            }
        }
    }

    private static Part recorded(@Nullable UUID person, long version) {
        return new Part(person, Instant.EPOCH, 0, version);
    }

    private void part(UUID incident, String way, Part part) {
        parts.merge(new Way(incident, way), part, Part::later);
    }
}
