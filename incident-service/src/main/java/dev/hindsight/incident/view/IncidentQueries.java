package dev.hindsight.incident.view;

import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Severity;
import dev.hindsight.conventions.access.Reader;
import dev.hindsight.conventions.access.Visible;
import dev.hindsight.conventions.paging.Cursor;
import dev.hindsight.conventions.paging.Page;
import dev.hindsight.conventions.problem.NotFound;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.panache.common.Parameters;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads incidents. Each documented filter has an index of its own in the schema. */
@ApplicationScoped
public class IncidentQueries {

    private static final Pattern REFERENCE = Pattern.compile("INC-\\d{1,18}");
    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private static final String NAMES = """
            select case when $1::text is not null then same_services($1) end,
                   case when $2::text is not null then services_of($2) end""";

    private final Pool pool;

    IncidentQueries(Pool pool) {
        this.pool = pool;
    }

    /**
     * Which incidents are wanted; null leaves a condition out.
     *
     * @param service in any spelling, and whatever the catalog has merged with it
     * @param team whose services they affect
     * @param from declared at or after
     * @param to declared before
     * @param text words of title or summary
     * @param role name of a role that somebody holds
     * @param owner the person who holds that role; without one, the incident commander
     * @param newestFirst by declared time
     */
    public record Filter(
            @Nullable String service,
            @Nullable String team,
            @Nullable Severity severity,
            @Nullable IncidentStatus status,
            @Nullable IncidentKind kind,
            @Nullable Instant from,
            @Nullable Instant to,
            @Nullable String text,
            @Nullable String role,
            @Nullable UUID owner,
            boolean newestFirst) {}

    /**
     * The id of an incident that is named by its id or its reference; whether the reader may see one that is named by its id
     * is left to who goes on with it.
     *
     * @throws NotFound as a failure, where no incident has that reference, or it is neither
     */
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
    public Uni<Page<ListedIncident>> list(Reader reader, Filter filter, int limit, Optional<Cursor> after) {
        if (filter.service() == null && filter.team() == null) {
            return list(IncidentListing.of(reader, filter, null, null, limit, after), limit);
        }
        // Asked first: with the names themselves the list is planned for how common they are.
        return pool.preparedQuery(NAMES)
                .execute(Tuple.of(filter.service(), filter.team()))
                .chain(names -> {
                    Row row = names.iterator().next();
                    return list(
                            IncidentListing.of(
                                    reader, filter, row.getArrayOfStrings(0), row.getArrayOfStrings(1), limit, after),
                            limit);
                });
    }

    private Uni<Page<ListedIncident>> list(IncidentListing listing, int limit) {
        return pool.preparedQuery(listing.sql())
                .execute(Tuple.from(listing.parameters()))
                .map(rows -> page(rows, limit));
    }

    private static Page<ListedIncident> page(RowSet<Row> rows, int limit) {
        List<ListedIncident> listed = new ArrayList<>(rows.size());
        rows.forEach(row -> listed.add(ListedIncident.of(row)));
        return Page.of(
                listed,
                limit,
                one -> Cursor.of(Objects.requireNonNull(one.milestones().declared()), one.id()));
    }

    /**
     * Those that are not over, newest first; {@code next} only says whether there are more. Restricted ones are left out for
     * everybody: this is for a page that stands open on a wall.
     */
    public Uni<Page<ListedIncident>> ongoing(int limit) {
        return pool.query("select " + ListedIncident.COLUMNS
                        + " from incident where status in ('OPEN', 'ACKNOWLEDGED', 'MITIGATED')"
                        + " and visibility = 'INTERNAL' order by declared_at desc, id desc limit "
                        + (limit + 1))
                .execute()
                .map(rows -> page(rows, limit));
    }
}
