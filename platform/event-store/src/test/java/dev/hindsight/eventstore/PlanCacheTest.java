package dev.hindsight.eventstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(EventStoreBackends.class)
class PlanCacheTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String KEPT = "select $1::int + 1 as kept";
    private static final String LEFT_OUT = "select " + PlanCache.LEFT_OUT + " $1::int + 1 as left_out";

    @Inject
    Pool pool;

    @Test
    void whatIsMarkedIsPlannedAnewEachTime() {
        SqlConnection connection = pool.getConnection().await().atMost(SOON);
        try {
            for (int i = 0; i < 7; i++) {
                for (String sql : List.of(KEPT, LEFT_OUT)) {
                    connection.preparedQuery(sql).execute(Tuple.of(i)).await().atMost(SOON);
                }
            }
            List<String> kept = new ArrayList<>();
            connection
                    .query(
                            "select statement from pg_prepared_statements where statement like '% as kept' or statement like '% as left_out'")
                    .execute()
                    .await()
                    .atMost(SOON)
                    .forEach(row -> kept.add(row.getString(0)));
            assertThat(kept).containsExactly(KEPT);
        } finally {
            connection.close().await().atMost(SOON);
        }
    }
}
