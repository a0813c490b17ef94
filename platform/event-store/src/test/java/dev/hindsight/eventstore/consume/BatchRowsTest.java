package dev.hindsight.eventstore.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.eventstore.EventStoreBackends;
import dev.hindsight.eventstore.consume.BatchRows.Column;
import dev.hindsight.eventstore.consume.BatchRows.Type;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(EventStoreBackends.class)
class BatchRowsTest {

    private static final List<Column> COLUMNS = List.of(
            new Column("id", Type.UUID),
            new Column("what", Type.TEXT),
            new Column("many", Type.BIGINT),
            new Column("few", Type.INTEGER),
            new Column("so", Type.BOOLEAN),
            new Column("at", Type.TIMESTAMP),
            new Column("due", Type.DATE),
            new Column("names", Type.TEXTS),
            new Column("counts", Type.INTEGERS));

    private static final UUID ID = UUID.fromString("0192a0b0-0000-7000-8000-000000000001");

    @Inject
    Pool pool;

    @Test
    void everyKindOfValueComesOutAsItWentIn() {
        assertThat(written(Map.of(
                        "id",
                        ID,
                        "what",
                        Reason.GAP,
                        "many",
                        5_000_000_000L,
                        "few",
                        -7,
                        "so",
                        true,
                        "at",
                        Instant.parse("2026-11-22T01:02:03.123456Z"),
                        "due",
                        LocalDate.of(2026, 2, 28),
                        "names",
                        List.of("a \"quoted\" name", "back\\slash, comma", "{ümlaut}", "null", ""),
                        "counts",
                        List.of(0, -1440))))
                .containsExactly(
                        "[\"" + ID
                                + "\", \"GAP\", 5000000000, -7, true, \"2026-11-22T01:02:03.123456+00:00\", \"2026-02-28\","
                                + " [\"a \\\"quoted\\\" name\", \"back\\\\slash, comma\", \"{ümlaut}\", \"null\", \"\"], [0, -1440]]");
    }

    @Test
    void whatARowDoesNotNameIsNull() {
        assertThat(written(Map.of("id", ID), Map.of("names", List.of())))
                .containsExactly(
                        "[\"" + ID + "\", null, null, null, null, null, null, null, null]",
                        "[null, null, null, null, null, null, null, [], null]");
    }

    @Test
    void theCharacterThatPostgresqlCannotStoreIsReplaced() {
        assertThat(written(Map.of("what", "a\0b", "names", List.of("c\0d"))))
                .containsExactly("[null, \"a\uFFFDb\", null, null, null, null, null, [\"c\uFFFDd\"], null]");
    }

    @SafeVarargs
    private List<String> written(Map<String, ?>... rows) {
        BatchRows batch = new BatchRows(COLUMNS);
        for (Map<String, ?> row : rows) {
            batch.add(row);
        }
        String sql = "select jsonb_build_array(%s)::text from %s"
                .formatted(BatchRows.selected(COLUMNS, "n"), BatchRows.from(COLUMNS, "n"));
        List<String> texts = new ArrayList<>();
        pool.preparedQuery(sql)
                .execute(batch.parameters())
                .await()
                .atMost(Duration.ofSeconds(10))
                .forEach(row -> texts.add(row.getString(0)));
        return texts;
    }
}
