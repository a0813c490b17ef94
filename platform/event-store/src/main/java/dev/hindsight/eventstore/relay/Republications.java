package dev.hindsight.eventstore.relay;

import dev.hindsight.eventstore.EventStoreConfig;
import dev.hindsight.eventstore.StatementPart;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asking for everything to be sent again, from any instance: whoever leads does it. Needed only where the topic lost its
 * records and kept its id; a topic that was made anew, or is empty, is noticed by the leader.
 */
@ApplicationScoped
public class Republications {

    private final EventStoreConfig config;
    private final Topics topics;
    private final Pool pool;

    Republications(EventStoreConfig config, Topics topics, Pool pool) {
        this.config = config;
        this.topics = topics;
        this.pool = pool;
    }

    /** How far the present or last one is. */
    public Uni<Republication> progress() {
        return pool.preparedQuery("""
                        select republished_to, republish_until, republish_reason, republish_started, republish_ended
                        from relay_topic where topic = $1""").execute(Tuple.of(topics.nameOf(topic()))).map(rows -> {
            if (!rows.iterator().hasNext()) {
                return new Republication(topic(), false, 0, null, null, null, null);
            }
            Row row = rows.iterator().next();
            Long until = row.getLong("republish_until");
            Instant started = instant(row, "republish_started");
            return new Republication(
                    topic(),
                    until != null,
                    row.getLong("republished_to"),
                    started == null ? null : until == null ? row.getLong("republished_to") : until,
                    row.getString("republish_reason"),
                    started,
                    instant(row, "republish_ended"));
        });
    }

    /** The write that asks for one; it does nothing where one runs. */
    public StatementPart begin(String reason) {
        return new StatementPart("republication", """
                insert into relay_topic (topic, republish_until, republish_reason, republish_started)
                values ($1, (select coalesce(max(position), 0) from published), $2, now())
                on conflict (topic) do update set republished_to = 0, republish_until = excluded.republish_until,
                  republish_reason = excluded.republish_reason, republish_started = excluded.republish_started,
                  republish_ended = null
                where relay_topic.republish_until is null""", List.of(topics.nameOf(topic()), reason));
    }

    private String topic() {
        return config.topic().orElseThrow();
    }

    private static @Nullable Instant instant(Row row, String column) {
        OffsetDateTime at = row.getOffsetDateTime(column);
        return at == null ? null : at.toInstant();
    }
}
