package dev.hindsight.incident.view;

import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Severity;
import dev.hindsight.conventions.access.Reader;
import dev.hindsight.conventions.access.Visible;
import dev.hindsight.conventions.paging.Cursor;
import dev.hindsight.conventions.paging.Page;
import dev.hindsight.conventions.problem.NotFound;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.panache.common.Parameters;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads incidents. Each documented filter has an index of its own in the schema. */
@ApplicationScoped
public class IncidentQueries {

    private static final Pattern REFERENCE = Pattern.compile("INC-\\d{1,18}");
    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    /**
     * Which incidents are wanted; null leaves a condition out.
     *
     * @param from declared at or after
     * @param to declared before
     * @param text words of title or summary
     * @param newestFirst by declared time
     */
    public record Filter(
            @Nullable String service,
            @Nullable Severity severity,
            @Nullable IncidentStatus status,
            @Nullable IncidentKind kind,
            @Nullable Instant from,
            @Nullable Instant to,
            @Nullable String text,
            boolean newestFirst) {}

    /**
     * The id of an incident that is named by its id or its reference; whether the reader may see one that is named by its id
     * is left to who goes on with it.
     *
     * @throws NotFound as a failure, where no incident has that reference, or it is neither
     */
    @WithSession
    public Uni<UUID> idOf(Reader reader, String idOrReference) {
        if (UUID_TEXT.matcher(idOrReference).matches()) {
            return Uni.createFrom().item(UUID.fromString(idOrReference));
        }
        return find(reader, idOrReference).map(view -> view.id);
    }

    /** @throws NotFound as a failure, where there is none, or none for this reader */
    @WithSession
    public Uni<IncidentView> find(Reader reader, String idOrReference) {
        Parameters parameters = new Parameters();
        String visible = Visible.hql(reader, "i.id", parameters::and);
        Uni<IncidentView> found;
        if (UUID_TEXT.matcher(idOrReference).matches()) {
            found = IncidentView.<IncidentView>find(
                            "from IncidentView i where i.id = :id" + visible,
                            parameters.and("id", UUID.fromString(idOrReference)))
                    .firstResult();
        } else if (REFERENCE.matcher(idOrReference).matches()) {
            found = IncidentView.<IncidentView>find(
                            "from IncidentView i where i.reference = :reference" + visible,
                            parameters.and("reference", idOrReference))
                    .firstResult();
        } else {
            found = Uni.createFrom().nullItem();
        }
        return found.onItem().ifNull().failWith(() -> new NotFound("incident", idOrReference));
    }

    /** One page, by declared time and then id. */
    @WithSession
    public Uni<Page<IncidentView>> list(Reader reader, Filter filter, int limit, Optional<Cursor> after) {
        StringBuilder sql = new StringBuilder("select * from incident where true");
        Map<String, Object> parameters = new LinkedHashMap<>();
        condition(sql, parameters, " and services @> array[cast(:service as text)]", "service", filter.service());
        condition(sql, parameters, " and severity = :severity", "severity", name(filter.severity()));
        condition(sql, parameters, " and status = :status", "status", name(filter.status()));
        condition(sql, parameters, " and kind = :kind", "kind", name(filter.kind()));
        condition(sql, parameters, " and declared_at >= :from", "from", filter.from());
        condition(sql, parameters, " and declared_at < :to", "to", filter.to());
        condition(
                sql,
                parameters,
                " and to_tsvector('simple', title || ' ' || coalesce(summary, ''))"
                        + " @@ websearch_to_tsquery('simple', :text)",
                "text",
                filter.text());
        if (!reader.seesAll()) {
            // The row says the same as its restriction, both are written by one statement: most rows need no second
            // look.
            sql.append(" and (visibility = 'INTERNAL' or true")
                    .append(Visible.named(reader, "incident.id", parameters::put))
                    .append(')');
        }
        after.ifPresent(cursor -> {
            sql.append(" and (declared_at, id) ")
                    .append(filter.newestFirst() ? '<' : '>')
                    .append(" (:afterTime, :afterId)");
            parameters.put("afterTime", cursor.instant(0));
            parameters.put("afterId", cursor.uuid(1));
        });
        sql.append(filter.newestFirst() ? " order by declared_at desc, id desc" : " order by declared_at, id")
                .append(" limit ")
                .append(limit + 1);
        return Panache.getSession().chain(session -> {
            var query = session.createNativeQuery(sql.toString(), IncidentView.class);
            parameters.forEach(query::setParameter);
            return query.getResultList().map(rows -> Page.of(rows, limit, row -> Cursor.of(row.declaredAt, row.id)));
        });
    }

    /**
     * Those that are not over, newest first; {@code next} only says whether there are more. Restricted ones are left out for
     * everybody: this is for a page that stands open on a wall.
     */
    @WithSession
    public Uni<Page<IncidentView>> ongoing(int limit) {
        return Panache.getSession()
                .chain(session -> session.createNativeQuery(
                                "select * from incident where status in ('OPEN', 'ACKNOWLEDGED', 'MITIGATED')"
                                        + " and visibility = 'INTERNAL' order by declared_at desc, id desc limit "
                                        + (limit + 1),
                                IncidentView.class)
                        .getResultList())
                .map(rows -> Page.of(rows, limit, row -> Cursor.of(row.declaredAt, row.id)));
    }

    private static void condition(
            StringBuilder sql, Map<String, Object> parameters, String text, String name, @Nullable Object value) {
        if (value != null) {
            sql.append(text);
            parameters.put(name, value);
        }
    }

    private static @Nullable String name(@Nullable Enum<?> value) {
        return value == null ? null : value.name();
    }
}
