package dev.hindsight.eventstore.rebuild;

import dev.hindsight.eventstore.ViewTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The tables of one view a second time, empty, in a schema of their own beside the live ones, with the same names of
 * everything, so that they can take their place. Constraints and unique indexes are there from the beginning where the
 * writing needs them; all else is built when the rows are in.
 */
final class Shadow {

    /** Where the live tables are. */
    static final String LIVE = "public";

    /** What a consumer notes about itself: it writes to these instead of the service's. */
    private static final List<String> NOTES = List.of("applied", "parked_event", "projection_note");

    private final String schema;
    private final List<ViewTable> tables;
    private final boolean looksUp;
    private final List<String> later = new ArrayList<>();

    /**
     * @param name of the projection
     * @param looksUp whether rows are looked up while they are written
     */
    Shadow(String name, List<ViewTable> tables, boolean looksUp) {
        this.schema = schemaOf(name);
        this.tables = tables;
        this.looksUp = looksUp;
    }

    /** Such as {@code rebuild_metrics_incidents}. */
    static String schemaOf(String name) {
        return "rebuild_" + name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "_");
    }

    String schema() {
        return schema;
    }

    /** Under it, names without a schema mean the tables here, and the service's own where there are none. */
    String searchPath() {
        return schema + ", " + LIVE;
    }

    /**
     * Makes it, in the place of one that an earlier attempt left behind.
     *
     * @throws RebuildFailed where something hangs on a live table that would be lost with it
     */
    void create(Connection connection) throws SQLException {
        drop(connection);
        try (Statement statement = connection.createStatement()) {
            statement.execute("create schema " + schema);
            for (String notes : NOTES) {
                statement.execute(
                        "create table %1$s.%2$s (like %3$s.%2$s including all)".formatted(schema, notes, LIVE));
            }
            for (ViewTable table : tables) {
                refuseWhatWouldBeLost(connection, table.name());
                statement.execute("create table %1$s.%2$s (like %3$s.%2$s including all excluding indexes)"
                        .formatted(schema, table.name(), LIVE));
                for (String grant : grants(connection, table.name())) {
                    statement.execute(grant);
                }
                for (Building building : buildings(connection, table)) {
                    if (building.atOnce()) {
                        statement.execute(building.sql());
                    } else {
                        later.add(building.sql());
                    }
                }
            }
        }
    }

    /** Builds what was left for later, and lets the planner know what is in the tables. */
    void complete(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // Sorting in memory rather than on disk; two at a time, as nobody else should starve.
            statement.execute("set maintenance_work_mem = '128MB'");
            try {
                for (String sql : later) {
                    statement.execute(sql);
                }
                analyze(connection);
            } finally {
                statement.execute("reset maintenance_work_mem");
            }
        }
        later.clear();
    }

    /** Lets the planner know how large the tables are; what was planned before is planned again. */
    void analyze(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (ViewTable table : tables) {
                statement.execute("analyze %s.%s".formatted(schema, table.name()));
            }
            statement.execute("analyze %s.applied".formatted(schema));
        }
    }

    /**
     * Takes every lock that {@link #move} needs, all or none.
     *
     * @throws SQLException {@code 55P03} where somebody reads for longer than {@code lock_timeout}
     */
    void lockLive(Connection transaction) throws SQLException {
        try (Statement statement = transaction.createStatement()) {
            statement.execute("lock table " + live() + " in access exclusive mode");
        }
    }

    /** Puts the tables here in the place of the live ones, in the transaction that holds their locks. */
    void move(Connection transaction) throws SQLException {
        try (Statement statement = transaction.createStatement()) {
            statement.execute("drop table " + live());
            for (ViewTable table : tables) {
                statement.execute("alter table %s.%s set schema %s".formatted(schema, table.name(), LIVE));
            }
        }
    }

    void drop(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("drop schema if exists " + schema + " cascade");
        }
    }

    boolean isEmpty() {
        return tables.isEmpty();
    }

    private String live() {
        return tables.stream().map(table -> LIVE + "." + table.name()).collect(Collectors.joining(", "));
    }

    private record Building(boolean atOnce, String sql) {}

    /** Primary key, unique and exclusion constraints, then foreign keys and indexes, named as on the live table. */
    private List<Building> buildings(Connection connection, ViewTable table) throws SQLException {
        List<Building> buildings = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement("""
                select 1 as turn, contype <> 'f' as is_unique, conname as name,
                       format('alter table %1$s.%2$s add constraint %%I %%s', conname, pg_get_constraintdef(oid)) as sql
                from pg_constraint where conrelid = '%3$s.%2$s'::regclass and contype in ('p', 'u', 'x', 'f')
                union all
                select 2, i.indisunique, c.relname,
                       replace(pg_get_indexdef(i.indexrelid), ' ON %3$s.%2$s ', ' ON %1$s.%2$s ')
                from pg_index i join pg_class c on c.oid = i.indexrelid
                where i.indrelid = '%3$s.%2$s'::regclass
                  and not exists (select 1 from pg_constraint where conindid = i.indexrelid and contype in ('p', 'u', 'x'))
                order by 1, 3""".formatted(schema, table.name(), LIVE));
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                String name = rows.getString("name");
                boolean needed =
                        rows.getBoolean("is_unique") || table.readWhileWriting().contains(name);
                buildings.add(new Building(looksUp && needed, rows.getString("sql")));
            }
        }
        return buildings;
    }

    private List<String> grants(Connection connection, String table) throws SQLException {
        return texts(connection, """
                select format('grant %%s on %1$s.%2$s to %%s', a.privilege_type,
                              case when a.grantee = 0 then 'public' else quote_ident(r.rolname) end)
                from pg_class c cross join lateral aclexplode(c.relacl) a left join pg_roles r on r.oid = a.grantee
                where c.oid = '%3$s.%2$s'::regclass and a.grantee <> c.relowner""".formatted(schema, table, LIVE));
    }

    private void refuseWhatWouldBeLost(Connection connection, String table) throws SQLException {
        List<String> lost = texts(connection, """
                select 'trigger ' || tgname from pg_trigger where tgrelid = '%1$s.%2$s'::regclass and not tgisinternal
                union all
                select 'policy ' || polname from pg_policy where polrelid = '%1$s.%2$s'::regclass
                union all
                select 'foreign key ' || conname || ' of ' || conrelid::regclass from pg_constraint
                where confrelid = '%1$s.%2$s'::regclass and contype = 'f' and conrelid <> confrelid
                union all
                select distinct 'view ' || v.ev_class::regclass from pg_depend d join pg_rewrite v on v.oid = d.objid
                where d.classid = 'pg_rewrite'::regclass and d.refobjid = '%1$s.%2$s'::regclass""".formatted(LIVE, table));
        if (!lost.isEmpty()) {
            throw new RebuildFailed(
                    "Table " + table + " cannot be replaced: it would lose " + String.join(", ", lost) + ".");
        }
    }

    private static List<String> texts(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        }
    }
}
