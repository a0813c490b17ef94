package dev.hindsight.actionitem;

import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;

/** Looks into the service's own database. */
@ApplicationScoped
public class Database {

    private final Pool pool;

    Database(Pool pool) {
        this.pool = pool;
    }

    public List<Row> rows(String sql, Object... parameters) {
        List<Row> rows = new ArrayList<>();
        pool.preparedQuery(sql)
                .execute(Tuple.from(List.of(parameters)))
                .await()
                .indefinitely()
                .forEach(rows::add);
        return rows;
    }

    public long count(String sql, Object... parameters) {
        return rows(sql, parameters).getFirst().getLong(0);
    }
}
