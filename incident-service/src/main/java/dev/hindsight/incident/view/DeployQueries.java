package dev.hindsight.incident.view;

import dev.hindsight.contract.Change;
import dev.hindsight.contract.DeployState;
import dev.hindsight.conventions.access.Reader;
import dev.hindsight.conventions.access.Visible;
import dev.hindsight.conventions.paging.Cursor;
import dev.hindsight.conventions.paging.Page;
import dev.hindsight.conventions.problem.NotFound;
import dev.hindsight.incident.domain.DeployLink.Verdict;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads deploys with the incidents that they may have contributed to; each documented filter has an index. */
@ApplicationScoped
public class DeployQueries {

    private static final String COLUMNS =
            "d.id, d.tool, d.external_id, d.service, d.environment, d.production, d.ref, d.revision, d.url, d.state,"
                    + " d.heard_of_at, d.begun_at, d.ended_at, d.version";

    private final Pool pool;

    DeployQueries(Pool pool) {
        this.pool = pool;
    }

    /**
     * A deploy.
     *
     * @param heardOfAt when it was first heard of, by the tool's clock
     * @param begunAt null while it waits
     * @param endedAt null while it goes on
     * @param links those that the reader may see
     */
    public record DeployFound(
            UUID id,
            String tool,
            String externalId,
            Change change,
            boolean production,
            DeployState state,
            Instant heardOfAt,
            @Nullable Instant begunAt,
            @Nullable Instant endedAt,
            long version,
            List<Link> links) {}

    /** An incident that it may have contributed to. */
    public record Link(UUID incident, String reference, Verdict verdict) {}

    /**
     * Which deploys are wanted; null leaves a condition out.
     *
     * @param service in any spelling, and whatever the catalog has merged with it
     * @param incident that they are linked to, which the reader may see
     * @param verdict of that link, or of any that the reader may see
     * @param from heard of at or after
     * @param to heard of before
     */
    public record Filter(
            @Nullable String service,
            @Nullable String environment,
            @Nullable DeployState state,
            @Nullable UUID incident,
            @Nullable Verdict verdict,
            @Nullable Instant from,
            @Nullable Instant to) {}

    /** @throws NotFound as a failure, where there is none */
    public Uni<DeployFound> find(Reader reader, UUID id) {
        return pool.preparedQuery("select " + COLUMNS + " from deploy d where d.id = $1")
                .execute(Tuple.of(id))
                .chain(rows -> withLinks(reader, rows))
                .map(found -> {
                    if (found.isEmpty()) {
                        throw new NotFound("deploy", id);
                    }
                    return found.getFirst();
                });
    }

    /** One page, newest first. */
    public Uni<Page<DeployFound>> list(Reader reader, Filter filter, int limit, Optional<Cursor> after) {
        List<@Nullable Object> parameters = new ArrayList<>();
        StringBuilder sql = new StringBuilder("select " + COLUMNS + " from deploy d where true");
        if (filter.service() != null) {
            parameters.add(filter.service());
            sql.append(" and lower(btrim(d.service)) = any (same_services(cast($1 as text)))");
        }
        add(sql, parameters, " and d.environment = ", filter.environment());
        add(
                sql,
                parameters,
                " and d.state = ",
                filter.state() == null ? null : filter.state().name());
        add(sql, parameters, " and d.heard_of_at >= ", time(filter.from()));
        add(sql, parameters, " and d.heard_of_at < ", time(filter.to()));
        if (filter.incident() != null || filter.verdict() != null) {
            sql.append(" and exists (select 1 from deploy_link l where l.deploy_id = d.id");
            add(sql, parameters, " and l.incident_id = ", filter.incident());
            add(
                    sql,
                    parameters,
                    " and l.verdict = ",
                    filter.verdict() == null ? null : filter.verdict().name());
            sql.append(Visible.sql(reader, "l.incident_id", parameters)).append(')');
        }
        if (after.isPresent()) {
            parameters.add(time(after.get().instant(0)));
            parameters.add(after.get().uuid(1));
            sql.append(" and (d.heard_of_at, d.id) < ($%d, $%d)".formatted(parameters.size() - 1, parameters.size()));
        }
        sql.append(" order by d.heard_of_at desc, d.id desc limit ").append(limit + 1);
        return pool.preparedQuery(sql.toString())
                .execute(Tuple.from(parameters))
                .chain(rows -> withLinks(reader, rows))
                .map(found -> Page.of(found, limit, deploy -> Cursor.of(deploy.heardOfAt(), deploy.id())));
    }

    private Uni<List<DeployFound>> withLinks(Reader reader, Iterable<Row> rows) {
        Map<UUID, Row> byId = new LinkedHashMap<>();
        rows.forEach(row -> byId.put(row.getUUID("id"), row));
        List<@Nullable Object> parameters = new ArrayList<>();
        parameters.add(byId.keySet().toArray(UUID[]::new));
        String sql = "select l.deploy_id, l.incident_id, i.reference, l.verdict from deploy_link l"
                + " join incident i on i.id = l.incident_id where l.deploy_id = any ($1)"
                + Visible.sql(reader, "l.incident_id", parameters)
                + " order by i.declared_at, i.id";
        return pool.preparedQuery(sql).execute(Tuple.from(parameters)).map(links -> {
            Map<UUID, List<Link>> byDeploy = new LinkedHashMap<>();
            links.forEach(row -> byDeploy.computeIfAbsent(row.getUUID("deploy_id"), id -> new ArrayList<>())
                    .add(new Link(
                            row.getUUID("incident_id"),
                            row.getString("reference"),
                            Verdict.valueOf(row.getString("verdict")))));
            return byId.values().stream()
                    .map(row -> found(row, byDeploy.getOrDefault(row.getUUID("id"), List.of())))
                    .toList();
        });
    }

    private static DeployFound found(Row row, List<Link> links) {
        return new DeployFound(
                row.getUUID("id"),
                row.getString("tool"),
                row.getString("external_id"),
                change(row),
                row.getBoolean("production"),
                DeployState.valueOf(row.getString("state")),
                row.getOffsetDateTime("heard_of_at").toInstant(),
                instant(row, "begun_at"),
                instant(row, "ended_at"),
                row.getLong("version"),
                List.copyOf(links));
    }

    /** What it changes, of a row with those columns. */
    static Change change(Row row) {
        return new Change(
                row.getString("service"),
                row.getString("environment"),
                row.getString("ref"),
                row.getString("revision"),
                row.getString("url"));
    }

    private static void add(
            StringBuilder sql, List<@Nullable Object> parameters, String condition, @Nullable Object value) {
        if (value != null) {
            parameters.add(value);
            sql.append(condition).append('$').append(parameters.size());
        }
    }

    private static @Nullable OffsetDateTime time(@Nullable Instant at) {
        return at == null ? null : at.atOffset(ZoneOffset.UTC);
    }

    private static @Nullable Instant instant(Row row, String column) {
        OffsetDateTime at = row.getOffsetDateTime(column);
        return at == null ? null : at.toInstant();
    }
}
