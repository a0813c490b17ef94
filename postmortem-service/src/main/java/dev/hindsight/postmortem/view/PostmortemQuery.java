package dev.hindsight.postmortem.view;

import dev.hindsight.contract.Severity;
import dev.hindsight.conventions.access.Reader;
import dev.hindsight.conventions.access.Visible;
import dev.hindsight.conventions.catalog.OfCatalog;
import dev.hindsight.conventions.paging.Cursor;
import dev.hindsight.conventions.paging.Page;
import dev.hindsight.conventions.problem.NotFound;
import dev.hindsight.postmortem.domain.Document;
import dev.hindsight.postmortem.domain.PostmortemStatus;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.panache.common.Parameters;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds postmortems. */
@ApplicationScoped
public class PostmortemQuery {

    private static final String MATCHES = """
            cast(sql('? in (select x.id from postmortem x where x.search @@ websearch_to_tsquery(''simple'', ?)\
             union all select y.id from incident z join postmortem y on y.incident_id = z.id\
             where z.search @@ websearch_to_tsquery(''simple'', ?))', p.id, :q, :q) as Boolean) = true""";

    private final PeopleQuery people;
    private final ReferenceQuery references;

    PostmortemQuery(PeopleQuery people, ReferenceQuery references) {
        this.people = people;
        this.references = references;
    }

    /**
     * What a list is narrowed to; null: whatever.
     *
     * @param service that the incident affects, in any spelling, and whatever the catalog has merged with it
     * @param team whose services the incident affects
     * @param from the incident was declared then or later
     * @param to the incident was declared before
     * @param q words of the title, the reference or the text
     */
    public record Filter(
            @Nullable String service,
            @Nullable String team,
            @Nullable Severity severity,
            @Nullable PostmortemStatus status,
            @Nullable UUID owner,
            @Nullable Instant from,
            @Nullable Instant to,
            @Nullable String q) {}

    /** A page of those that fit, the latest resolution first. */
    public Uni<Page<PostmortemReading>> list(Reader reader, Filter filter, int limit, Optional<Cursor> after) {
        List<String> conditions = new ArrayList<>();
        Parameters parameters = new Parameters();
        condition(
                filter.service(), OfCatalog.isServiceHql("i.services", ":service"), "service", conditions, parameters);
        condition(filter.team(), OfCatalog.isOfTeamHql("i.services", ":team"), "team", conditions, parameters);
        condition(filter.severity(), "i.severity = :severity", "severity", conditions, parameters);
        condition(filter.status(), "p.status = :status", "status", conditions, parameters);
        condition(filter.owner(), "p.owner = :owner", "owner", conditions, parameters);
        condition(filter.from(), "i.declaredAt >= :from", "from", conditions, parameters);
        condition(filter.to(), "i.declaredAt < :to", "to", conditions, parameters);
        condition(filter.q(), MATCHES, "q", conditions, parameters);
        after.ifPresent(cursor -> {
            conditions.add("(p.resolvedAt < :at or p.resolvedAt = :at and p.id < :id)");
            parameters.and("at", cursor.instant(0)).and("id", cursor.uuid(1));
        });
        String where = " where " + (conditions.isEmpty() ? "true = true" : String.join(" and ", conditions))
                + Visible.hql(reader, "p.incidentId", parameters::and);
        return Panache.withSession(() -> PostmortemView.<PostmortemView>find(
                                "from PostmortemView p join fetch p.incident i" + where
                                        + " order by p.resolvedAt desc, p.id desc",
                                parameters)
                        .range(0, limit)
                        .list())
                .map(rows -> Page.of(rows, limit, row -> Cursor.of(row.resolvedAt, row.id)))
                .chain(this::withOwners);
    }

    /**
     * One postmortem with all that is shown around it.
     *
     * @param id its own, or its incident's
     * @param reader to whom a postmortem of an incident that is hidden from them does not exist
     * @param mentioned further people whose names will be shown
     */
    public Uni<PostmortemReading> read(Reader reader, UUID id, Set<UUID> mentioned) {
        Parameters parameters = Parameters.with("id", id);
        String visible = Visible.hql(reader, "p.incidentId", parameters::and);
        return Panache.withSession(() -> PostmortemView.<PostmortemView>find(
                                "from PostmortemView p join fetch p.incident where (p.id = :id or p.incidentId = :id)"
                                        + visible,
                                parameters)
                        .firstResult()
                        .onItem()
                        .ifNull()
                        .failWith(() -> new NotFound("postmortem", id))
                        .chain(found -> ActionItemView.<ActionItemView>list(
                                        "incidentId = ?1 order by proposedAt, id", found.incidentId)
                                .chain(items -> {
                                    PostmortemContent content = found.content();
                                    Set<UUID> persons = new HashSet<>(mentioned);
                                    persons.addAll(content.people());
                                    persons.addAll(found.incident.roles().values());
                                    items.forEach(item -> {
                                        if (item.owner != null) {
                                            persons.add(item.owner);
                                        }
                                    });
                                    return people.of(persons)
                                            .map(names -> new PostmortemReading(
                                                    content, found.incident, items, names, Set.of()));
                                })))
                .chain(found -> references
                        .hidden(reader, found.content().document().requirement())
                        .map(found::without));
    }

    /** What is written about an incident; empty where it has no postmortem. */
    public Uni<Optional<Document>> documentOf(UUID incidentId) {
        return Panache.withSession(() -> PostmortemView.<PostmortemView>find("incidentId", incidentId)
                        .firstResult())
                .map(found ->
                        Optional.ofNullable(found).map(view -> view.content().document()));
    }

    private Uni<Page<PostmortemReading>> withOwners(Page<PostmortemView> page) {
        Set<UUID> owners = page.items().stream()
                .map(row -> row.owner)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        return people.of(owners)
                .map(names -> page.map(
                        row -> new PostmortemReading(row.content(), row.incident, List.of(), names, Set.of())));
    }

    private static void condition(
            @Nullable Object value, String condition, String name, List<String> conditions, Parameters parameters) {
        if (value != null) {
            conditions.add(condition);
            parameters.and(name, value);
        }
    }
}
