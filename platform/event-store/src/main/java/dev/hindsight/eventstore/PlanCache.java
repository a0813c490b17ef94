package dev.hindsight.eventstore;

import io.vertx.sqlclient.SqlConnectOptions;

/**
 * Which statements the server plans anew each time. Nearly all are planned once for each connection, which is most of what
 * they cost. A list with filters is not one of them: whether an index on the filter or a walk by time is quicker depends on how
 * common the value is, and a plan for any value walks through everything for one that hardly occurs.
 */
public final class PlanCache {

    /** Behind {@code select}: planned for its values, at a few tenths of a millisecond. */
    public static final String LEFT_OUT = "/* planned for its values */";

    private PlanCache() {}

    /** As above, for all connections with these options. */
    public static void configure(SqlConnectOptions options) {
        options.setPreparedStatementCacheSqlFilter(sql -> !sql.contains(LEFT_OUT));
    }
}
