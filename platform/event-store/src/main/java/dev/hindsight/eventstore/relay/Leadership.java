package dev.hindsight.eventstore.relay;

import dev.hindsight.contract.EventHeader;
import dev.hindsight.eventstore.relay.Republication.Range;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The advisory lock of this database and the one connection that holds it; every statement that only a leader may execute
 * goes through it. Whoever lost the lock has lost the connection with it, and so cannot forget what another leader has not
 * sent.
 *
 * <p>The server ends the session, and with it the leadership, when nothing was heard for {@link #SILENCE}: a process that
 * is frozen still answers on the level of TCP, so that only the silence of the session tells. A leader therefore speaks at
 * least every {@link #HEARTBEAT}.
 */
final class Leadership implements AutoCloseable {

    static final long LOCK = 0x48494E4453494748L;
    static final Duration HEARTBEAT = Duration.ofSeconds(1);
    static final Duration SILENCE = Duration.ofSeconds(5);
    /** Longer than any statement of a leader takes; then the server is as good as gone. */
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private static final Logger LOG = Logger.getLogger(Leadership.class);
    private static final Executor SAME_THREAD = Runnable::run;

    /**
     * The commits of a leader need not reach the disk, but for the one that logs what the broker has: what is lost
     * in a crash of the database is done again.
     */
    private static final String SESSION = """
            select set_config('idle_session_timeout', '%1$s', false),
                   set_config('idle_in_transaction_session_timeout', '%1$s', false),
                   set_config('tcp_user_timeout', '%1$s', false),
                   set_config('tcp_keepalives_idle', '2', false),
                   set_config('tcp_keepalives_interval', '1', false),
                   set_config('tcp_keepalives_count', '3', false),
                   set_config('client_connection_check_interval', '1s', false),
                   set_config('synchronous_commit', 'off', false)""".formatted(SILENCE.toMillis() + "ms");

    private static final String EVENT = "e.stream_id, e.version, e.id, e.key_id, e.type, e.occurred_at, e.source_order,"
            + " e.recorded_at, e.actor, e.source, e.delivery_id, e.traceparent, e.data";

    /** The oldest of the outbox, not more bytes than is good for the memory but at least one, noted as being sent. */
    private static final String NEXT = """
            with oldest as materialized (
              select o.position as outbox_position, %s
              from (select * from outbox order by position limit ?) as o join event e using (stream_id, version)
            ), taken as materialized (
              select * from (
                select *, sum(octet_length(data)) over (order by outbox_position) - octet_length(data) as before from oldest
              ) as sized where before < ?
            ), noted as (
              update relay_topic set sending = array(select outbox_position from taken order by outbox_position)
              where topic = ? and exists (select from taken)
            )
            select * from taken order by outbox_position""".formatted(EVENT);

    private static final String ON_THEIR_WAY = """
            select o.position as outbox_position, %s
            from relay_topic t, unnest(t.sending) with ordinality as s(position, place)
              join outbox o using (position) join event e using (stream_id, version)
            where t.topic = ? order by s.place""".formatted(EVENT);

    private static final String FORGET = """
            with forgotten as (
              delete from outbox where position = any (?)
            ), logged as (
              insert into published (position, stream_id, version)
              select * from unnest(?::bigint[], ?::uuid[], ?::bigint[])
            ), arrived as (
              update relay_topic set sending = '{}' where topic = ?
            )
            select set_config('synchronous_commit', 'on', true)""";

    private static final String PUBLISHED = """
            select * from (
              select p.position as published_position, %s,
                     sum(octet_length(e.data)) over (order by p.position) - octet_length(e.data) as before
              from (select * from published where position > ? and position <= ? order by position limit ?) as p
                join event e using (stream_id, version)
            ) as sized where before < ? order by published_position""".formatted(EVENT);

    private static final String PUBLISHED_OF_STREAM = """
            select * from (
              select p.position as published_position, %s,
                     sum(octet_length(e.data)) over (order by e.version) - octet_length(e.data) as before
              from (select * from published where stream_id = ? and version between ? and ? order by version limit ?) as p
                join event e using (stream_id, version)
            ) as sized where before < ? order by version""".formatted(EVENT);

    private final Connection connection;
    private final String topic;
    private final int bytes;

    /**
     * @param topic the name on the broker
     * @param bytes after which a batch is full; it has at least one event
     */
    Leadership(Connection connection, String topic, int bytes) throws SQLException {
        this.connection = connection;
        this.topic = topic;
        this.bytes = bytes;
        connection.setNetworkTimeout(SAME_THREAD, (int) ANSWER.toMillis());
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
            statement.executeQuery(SESSION).close();
        }
    }

    /** Whether this connection is the leader's from now on. */
    boolean take() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select pg_try_advisory_lock(?)")) {
            statement.setLong(1, LOCK);
            try (ResultSet result = statement.executeQuery()) {
                if (result.next() && result.getBoolean(1)) {
                    connection.setAutoCommit(false);
                    return true;
                }
                return false;
            }
        }
    }

    /** Says that this leader is alive; fails where it is one no longer. */
    void heartbeat() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeQuery("select").close();
        }
        connection.commit();
    }

    void commit() throws SQLException {
        connection.commit();
    }

    long lastPosition() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("select coalesce(max(position), 0) from published")) {
            result.next();
            return result.getLong(1);
        }
    }

    /** How many events can be waiting behind this place of the outbox. */
    long waitingBehind(long outbox) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("select coalesce(max(position), 0) from outbox")) {
            result.next();
            return Math.max(0, result.getLong(1) - outbox);
        }
    }

    /** What an earlier leader was sending when it ended, with the positions that it gave. */
    List<Outgoing> onTheirWay(long lastPosition) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ON_THEIR_WAY)) {
            statement.setString(1, topic);
            return fromOutbox(statement, lastPosition);
        }
    }

    /** The oldest that wait, noted as on their way; {@link #commit()} has to follow before they are sent. */
    List<Outgoing> next(int limit, long lastPosition) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NEXT)) {
            statement.setInt(1, limit);
            statement.setInt(2, bytes);
            statement.setString(3, topic);
            return fromOutbox(statement, lastPosition);
        }
    }

    /** The broker has them: they move from the outbox to {@code published}; {@link #commit()} has to follow. */
    void forget(List<Outgoing> batch) throws SQLException {
        Long[] outbox = new Long[batch.size()];
        Long[] positions = new Long[batch.size()];
        UUID[] streams = new UUID[batch.size()];
        Long[] versions = new Long[batch.size()];
        for (int i = 0; i < outbox.length; i++) {
            Outgoing sent = batch.get(i);
            outbox[i] = sent.outbox();
            positions[i] = sent.position();
            streams[i] = sent.header().streamId();
            versions[i] = sent.header().sequence();
        }
        try (PreparedStatement statement = connection.prepareStatement(FORGET)) {
            statement.setArray(1, connection.createArrayOf("bigint", outbox));
            statement.setArray(2, connection.createArrayOf("bigint", positions));
            statement.setArray(3, connection.createArrayOf("uuid", streams));
            statement.setArray(4, connection.createArrayOf("bigint", versions));
            statement.setString(5, topic);
            statement.executeQuery().close();
        }
    }

    /** What was published in {@code (after, until]}, oldest first. */
    List<Outgoing> published(long after, long until, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PUBLISHED)) {
            statement.setLong(1, after);
            statement.setLong(2, until);
            statement.setInt(3, limit);
            statement.setInt(4, bytes);
            return again(statement);
        }
    }

    /** What was published of these versions of a stream, both included. */
    List<Outgoing> published(UUID stream, long from, long to, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PUBLISHED_OF_STREAM)) {
            statement.setObject(1, stream);
            statement.setLong(2, from);
            statement.setLong(3, to);
            statement.setInt(4, limit);
            statement.setInt(5, bytes);
            return again(statement);
        }
    }

    /** The id that the topic had when a leader last looked; empty where none ever did. */
    Optional<String> knownTopicId() throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select topic_id from relay_topic where topic = ?")) {
            statement.setString(1, topic);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
            }
        }
    }

    void rememberTopicId(String id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                insert into relay_topic (topic, topic_id) values (?, ?)
                on conflict (topic) do update set topic_id = excluded.topic_id""")) {
            statement.setString(1, topic);
            statement.setString(2, id);
            statement.executeUpdate();
        }
        connection.commit();
    }

    /** The topic with this id has nothing of what was published: all of it is to be sent again. */
    void beginRepublication(String topicId, String reason) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                insert into relay_topic (topic, topic_id, republished_to, republish_until, republish_reason, republish_started)
                values (?, ?, 0, (select coalesce(max(position), 0) from published), ?, now())
                on conflict (topic) do update set topic_id = excluded.topic_id, republished_to = 0, \
                republish_until = excluded.republish_until, republish_reason = excluded.republish_reason, \
                republish_started = excluded.republish_started, republish_ended = null""")) {
            statement.setString(1, topic);
            statement.setString(2, topicId);
            statement.setString(3, reason);
            statement.executeUpdate();
        }
        connection.commit();
    }

    /** What is still to be sent again; null where nothing is. */
    @Nullable
    Range republication() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "select republished_to, republish_until from relay_topic where topic = ? and republish_until is not null")) {
            statement.setString(1, topic);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? new Range(row.getLong(1), row.getLong(2)) : null;
            }
        } finally {
            connection.commit();
        }
    }

    /** The broker has everything of a republication up to {@code position}. */
    void republished(long position) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                update relay_topic set republished_to = ?,
                  republish_ended = case when ? >= republish_until then now() end,
                  republish_until = case when ? < republish_until then republish_until end
                where topic = ? and republish_until is not null""")) {
            statement.setLong(1, position);
            statement.setLong(2, position);
            statement.setLong(3, position);
            statement.setString(4, topic);
            statement.executeUpdate();
        }
        connection.commit();
    }

    /** Gives the lock back, and the connection as it was. */
    @Override
    public void close() {
        try {
            if (connection.isClosed()) {
                return;
            }
            if (!connection.getAutoCommit()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
            try (Statement statement = connection.createStatement()) {
                statement.executeQuery("select pg_advisory_unlock_all()").close();
                statement.execute("reset all");
            }
            connection.setNetworkTimeout(SAME_THREAD, 0);
        } catch (SQLException e) {
            LOG.debugf("the relay's connection ended before its lock was given back: %s", e.getMessage());
        }
    }

    private static List<Outgoing> fromOutbox(PreparedStatement statement, long lastPosition) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            List<Outgoing> batch = new ArrayList<>();
            long position = lastPosition;
            while (row.next()) {
                batch.add(outgoing(row, ++position, row.getLong("outbox_position")));
            }
            return batch;
        }
    }

    private static List<Outgoing> again(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            List<Outgoing> batch = new ArrayList<>();
            while (row.next()) {
                batch.add(outgoing(row, row.getLong("published_position"), 0));
            }
            return batch;
        }
    }

    private static Outgoing outgoing(ResultSet row, long position, long outbox) throws SQLException {
        return new Outgoing(
                position,
                outbox,
                row.getObject("key_id", UUID.class),
                new EventHeader(
                        row.getObject("id", UUID.class),
                        row.getString("type"),
                        row.getObject("stream_id", UUID.class),
                        row.getLong("version"),
                        row.getObject("occurred_at", OffsetDateTime.class).toInstant(),
                        row.getInt("source_order"),
                        row.getObject("recorded_at", OffsetDateTime.class).toInstant(),
                        row.getString("actor"),
                        row.getString("source"),
                        row.getObject("delivery_id", UUID.class),
                        row.getString("traceparent")),
                row.getBytes("data"));
    }
}
