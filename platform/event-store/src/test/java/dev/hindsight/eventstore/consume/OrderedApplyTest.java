package dev.hindsight.eventstore.consume;

import static dev.hindsight.eventstore.consume.Feed.line;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hindsight.contract.ActionItemEvent.Started;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.Contended;
import dev.hindsight.eventstore.Database;
import dev.hindsight.eventstore.EventStoreBackends;
import dev.hindsight.eventstore.EventStoreConfig;
import dev.hindsight.eventstore.Notebook;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.eventstore.consume.SeenProjection.Trouble;
import dev.hindsight.eventstore.wire.EventCodec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.PoolOptions;
import jakarta.inject.Inject;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is consumed comes to each view once and in order, or waits where somebody finds it. */
@QuarkusTest
@QuarkusTestResource(EventStoreBackends.class)
class OrderedApplyTest extends Consuming {

    @Inject
    Consumed consumed;

    @Inject
    EventStoreConfig config;

    @Inject
    Vertx vertx;

    @ConfigProperty(name = "quarkus.datasource.reactive.url")
    String databaseUrl;

    @ConfigProperty(name = "quarkus.datasource.username")
    String user;

    @ConfigProperty(name = "quarkus.datasource.password")
    String password;

    @SafeVarargs
    private CompletableFuture<Void> applying(ConsumerRecord<byte[], byte[]>... records) {
        return orderedApply
                .apply(Topic.INCIDENT_EVENTS, Feed.batch(List.of(records)))
                .subscribeAsCompletionStage()
                .orTimeout(20, TimeUnit.SECONDS);
    }

    private void apply(UUID stream, long... versions) {
        orderedApply
                .apply(
                        Topic.INCIDENT_EVENTS,
                        Feed.batch(Arrays.stream(versions)
                                .mapToObj(version -> line(stream, version))
                                .toList()))
                .await()
                .atMost(SOON);
    }

    private List<String> applied(String consumer, UUID stream) {
        return database.texts("select version from applied where consumer = ? and stream_id = ?", consumer, stream);
    }

    // --- in order, once

    @Test
    void eventsAreAppliedInOrderOnce() {
        apply(book, 1, 2, 3);
        apply(book, 4);
        assertThat(seen(book)).containsExactly("1", "2", "3", "4");
        assertThat(applied("seen", book)).containsExactly("4");
        assertThat(applied("beside", book)).containsExactly("4");
        assertThat(parked(book)).isEmpty();
    }

    @Test
    void theViewsOfARoundMoveInOneTransaction() {
        apply(book, 1, 2);
        assertThat(database.texts(
                        "select string_agg(consumer, ', ' order by consumer) from applied where stream_id = ?"
                                + " and consumer in ('seen', 'beside') group by xmin::text",
                        book))
                .containsExactly("beside, seen");
    }

    @Test
    void whereOneViewIsAheadOfAnotherEachIsTakenFromWhereItStands() {
        apply(book, 1, 2, 3);
        database.execute(
                "update applied set version = 1, event_id = ?, moved = 0 where consumer = 'beside' and stream_id = ?",
                Feed.id(book, 1),
                book);
        apply(book, 2, 3, 4);
        assertThat(seen(book)).containsExactly("1", "2", "3", "4");
        assertThat(applied("beside", book)).containsExactly("4");
        assertThat(parked(book)).isEmpty();
    }

    @Test
    void whatIsDeliveredTwiceIsAppliedOnce() {
        apply(book, 1, 1, 2, 2);
        apply(book, 1, 2);
        apply(book, 2);
        assertThat(seen(book)).containsExactly("1", "2");
        assertThat(parked(book)).isEmpty();
    }

    @Test
    void overlappingBatchesAreAppliedOnce() {
        apply(book, 1, 2, 3);
        apply(book, 2, 3, 4, 5);
        apply(book, 1, 2, 3, 4, 5, 6);
        assertThat(seen(book)).containsExactly("1", "2", "3", "4", "5", "6");
        assertThat(parked(book)).isEmpty();
    }

    @Test
    void ofTwoInstancesThatApplyTheSameEventsAtTheSameTimeTheSecondWaitsBeforeItTouchesTheView() {
        AtomicInteger inside = new AtomicInteger();
        CompletableFuture<Void> secondWaits = new CompletableFuture<>();
        projection.troubles.put(book, (transaction, versions) -> {
            inside.incrementAndGet();
            return Uni.createFrom().completionStage(secondWaits);
        });
        CompletableFuture<Void> one = applying(line(book, 1), line(book, 2));
        await().atMost(SOON).untilAtomic(inside, Matchers.equalTo(1));
        CompletableFuture<Void> another = applying(line(book, 1), line(book, 2), line(book, 3));
        await().atMost(SOON).until(() -> database.waiting() == 1);
        assertThat(inside).hasValue(1);
        secondWaits.complete(null);
        one.join();
        another.join();
        assertThat(inside).as("the second one only with what was new").hasValue(2);
        assertThat(seen(book)).containsExactly("1", "2", "3");
        assertThat(applied("seen", book)).containsExactly("3");
        assertThat(parked(book)).isEmpty();
    }

    @Test
    void aBatchOutOfOrderIsAppliedInOrder() {
        apply(book, 3, 1, 2);
        assertThat(seen(book)).containsExactly("1", "2", "3");
        assertThat(parked(book)).isEmpty();
    }

    // --- gaps

    @Test
    void whatComesTooEarlyWaitsAndIsAppliedWhenTheMissingOneComes() {
        apply(book, 1);
        apply(book, 3);
        apply(book, 5, 3);
        assertThat(seen(book)).containsExactly("1");
        assertThat(parked(book)).containsExactly("3 GAP", "5 GAP");

        apply(book, 2);
        assertThat(seen(book)).containsExactly("1", "2", "3");
        assertThat(parked(book)).containsExactly("5 GAP");

        apply(book, 4);
        assertThat(seen(book)).containsExactly("1", "2", "3", "4", "5");
        assertThat(parked(book)).isEmpty();
        assertThat(applied("seen", book)).containsExactly("5");
    }

    @Test
    void whatWaitsForTheFirstIsAppliedAfterIt() {
        apply(book, 2, 3);
        assertThat(applied("seen", book)).isEmpty();
        assertThat(parked(book)).containsExactly("2 GAP", "3 GAP");
        apply(book, 1);
        assertThat(seen(book)).containsExactly("1", "2", "3");
        assertThat(parked(book)).isEmpty();
    }

    @Test
    void aGapHoldsUpNoOtherStream() {
        apply(line(book, 2), line(other, 1), line(other, 2));
        assertThat(seen(other)).containsExactly("1", "2");
        assertThat(parked(book)).containsExactly("2 GAP");
    }

    @Test
    void whatWaitsIsAppliedJustAsItCame() {
        ConsumerRecord<byte[], byte[]> second = Feed.event(book, 2, Notebook.line("ümlaut \"quoted\""));
        apply(second);
        apply(book, 1);
        assertThat(database.texts("select text from seen where stream_id = ? and version = 2", book))
                .containsExactly("ümlaut \"quoted\"");
        assertThat(database.texts("select event_id from seen where stream_id = ? and version = 2", book))
                .containsExactly(Feed.id(book, 2).toString());
    }

    // --- poison

    @Test
    void undecodableDataParksItselfAndWhatComesAfterItWhileOtherStreamsGoOn() {
        ConsumerRecord<byte[], byte[]> poison =
                Feed.event(Feed.id(book, 2), book, 2, MESSAGE, "{\"text\":".getBytes(UTF_8));
        apply(line(book, 1), poison, line(other, 1), line(book, 3), line(other, 2));
        apply(line(book, 4), line(other, 3));

        assertThat(seen(book)).containsExactly("1");
        assertThat(applied("seen", book)).containsExactly("1");
        assertThat(parked(book)).containsExactly("2 UNDECODABLE", "3 BEHIND", "4 BEHIND");
        assertThat(seen(other)).containsExactly("1", "2", "3");

        // With all that is needed to look at it and to try again.
        assertThat(database.texts("""
                select encode(data, 'escape') || ' ' || (headers ->> 'ce_id') || ' ' || topic || ' ' || kafka_partition
                from parked_event where consumer = 'seen' and stream_id = ? and version = 2""", book)).containsExactly("{\"text\": " + Feed.id(book, 2) + " by-hand 0");
    }

    @Test
    void whatIsParkedStaysParkedOnceWhenItIsDeliveredAgain() {
        ConsumerRecord<byte[], byte[]> poison = Feed.event(Feed.id(book, 2), book, 2, MESSAGE, "[]".getBytes(UTF_8));
        for (int delivery = 0; delivery < 3; delivery++) {
            apply(line(book, 1), poison, line(book, 3));
        }
        assertThat(seen(book)).containsExactly("1");
        assertThat(parked(book)).containsExactly("2 UNDECODABLE", "3 BEHIND");
    }

    @Test
    void whatWaitedForAPoisonStandsBehindIt() {
        apply(book, 1, 3);
        apply(Feed.event(Feed.id(book, 2), book, 2, MESSAGE, "[]".getBytes(UTF_8)));
        assertThat(seen(book)).containsExactly("1");
        assertThat(parked(book)).containsExactly("2 UNDECODABLE", "3 BEHIND");
    }

    @Test
    void aDefectOfTheProjectionParksThatStreamOnly() {
        projection.troubles.put(book, defectOn(2));
        apply(line(book, 1), line(other, 1), line(book, 2), line(book, 3), line(other, 2));
        apply(line(book, 4), line(other, 3));

        assertThat(seen(book)).containsExactly("1");
        assertThat(parked(book)).containsExactly("2 DEFECT", "3 BEHIND", "4 BEHIND");
        assertThat(seen(other)).containsExactly("1", "2", "3");
        assertThat(parked(other)).isEmpty();
        assertThat(applied("beside", book)).as("another consumer").containsExactly("4");
        assertThat(database.texts("select detail from parked_event where stream_id = ? and version = 2", book))
                .containsExactly("IllegalStateException: a defect of the projection");
    }

    @Test
    void whereTheDefectMeetsOneThatWaitedItIsThatOneThatIsParked() {
        projection.troubles.put(book, defectOn(3));
        apply(book, 1, 3, 4);
        apply(book, 2);
        assertThat(seen(book)).containsExactly("1", "2");
        assertThat(applied("seen", book)).containsExactly("2");
        assertThat(parked(book)).containsExactly("3 DEFECT", "4 BEHIND");
    }

    @Test
    void anEventThatTheDatabaseRefusesIsADefectToo() {
        projection.troubles.put(
                book,
                (transaction, versions) ->
                        transaction.query("select 1 / 0").execute().replaceWithVoid());
        apply(line(book, 1), line(other, 1));
        assertThat(seen(book)).isEmpty();
        assertThat(parked(book)).containsExactly("1 DEFECT");
        assertThat(seen(other)).containsExactly("1");
    }

    @Test
    void aProjectionThatFailsAfterItsLastWriteLeavesNothingBehind() {
        List<String> inside = new ArrayList<>();
        projection.troubles.put(book, (transaction, versions) -> transaction
                .query("select count(*) from seen where stream_id = '" + book + "'")
                .execute()
                .invoke(rows -> inside.add(rows.iterator().next().getLong(0).toString()))
                .chain(() -> Uni.createFrom().failure(new IllegalStateException("after the last write"))));
        apply(book, 1);
        assertThat(inside).as("the write was done").contains("1");
        assertThat(seen(book)).isEmpty();
        assertThat(applied("seen", book)).isEmpty();
        assertThat(parked(book)).containsExactly("1 DEFECT");
    }

    @Test
    void aFailureToNoteWhatWasAppliedUndoesTheViewToo() {
        // The note is the last write of all: the database refuses it once.
        database.execute("""
                create function refuse() returns trigger language plpgsql as $$
                begin raise exception 'refused' using errcode = '23514'; end $$""");
        database.execute("create trigger refuse before insert on applied for each row when (new.stream_id = '" + book
                + "') execute function refuse()");
        try {
            apply(book, 1);
        } finally {
            database.execute("drop function refuse cascade");
        }
        assertThat(seen(book)).isEmpty();
        assertThat(applied("seen", book)).isEmpty();
        assertThat(parked(book)).containsExactly("1 DEFECT");
    }

    private static Trouble defectOn(long version) {
        return (transaction, versions) -> versions.contains(version)
                ? Uni.createFrom().failure(new IllegalStateException("a defect of the projection"))
                : Uni.createFrom().voidItem();
    }

    @Test
    void bytesWithoutUsableHeadersAreParkedAlone() {
        Headers halfAnEvent = new RecordHeaders();
        halfAnEvent.add("ce_id", "not an id".getBytes(UTF_8));
        ConsumerRecord<byte[], byte[]> alien = Feed.bytes(other, new RecordHeaders(), "?".getBytes(UTF_8));
        ConsumerRecord<byte[], byte[]> half = Feed.bytes(other, halfAnEvent, new byte[] {0, 1, (byte) 0xff});
        apply(line(book, 1), alien, half, line(book, 2));
        assertThat(seen(book)).containsExactly("1", "2");
        assertThat(unattributable(alien)).containsExactly("UNATTRIBUTABLE 3f");
        assertThat(unattributable(half)).containsExactly("UNATTRIBUTABLE 0001ff");
    }

    @Test
    void bytesWithoutUsableHeadersAreParkedOnceHoweverOftenTheyCome() {
        ConsumerRecord<byte[], byte[]> alien = Feed.bytes(other, new RecordHeaders(), "?".getBytes(UTF_8));
        apply(alien);
        apply(alien, line(book, 1));
        assertThat(unattributable(alien)).containsExactly("UNATTRIBUTABLE 3f");
        assertThat(seen(book)).containsExactly("1");
    }

    @Test
    void headersThatNoDatabaseCanKeepAreParkedAllTheSame() {
        Headers binary = new RecordHeaders();
        binary.add("ce_id", new byte[] {0, 7, (byte) 0xff, 0});
        binary.add("ce_type", null);
        ConsumerRecord<byte[], byte[]> alien = Feed.bytes(other, binary, "?".getBytes(UTF_8));
        ConsumerRecord<byte[], byte[]> noValue = Feed.bytes(other, new RecordHeaders(), null);
        apply(line(book, 1), alien, noValue, line(book, 2));
        assertThat(seen(book)).containsExactly("1", "2");
        assertThat(unattributable(alien)).containsExactly("UNATTRIBUTABLE 3f");
        assertThat(unattributable(noValue)).containsExactly("UNATTRIBUTABLE ");
    }

    @Test
    void aVersionThatNoEventCanHaveIsNotUsable() {
        ConsumerRecord<byte[], byte[]> nought = line(book, 0);
        apply(nought, line(book, 1));
        assertThat(unattributable(nought)).hasSize(1);
        assertThat(seen(book)).containsExactly("1");
        assertThat(parked(book)).isEmpty();
    }

    private List<String> unattributable(ConsumerRecord<byte[], byte[]> kafka) {
        return database.texts(
                "select reason || ' ' || encode(data, 'hex') from parked_event"
                        + " where consumer = 'seen' and topic = ? and kafka_offset = ?",
                kafka.topic(),
                kafka.offset());
    }

    @Test
    void anotherEventOfAVersionThatWasAppliedIsAConflictAndHoldsUpNothing() {
        apply(book, 1, 2);
        ConsumerRecord<byte[], byte[]> twin =
                Feed.event(StreamIds.next(), book, 2, MESSAGE, EventCodec.encode(Notebook.line("twin")));
        apply(twin);
        apply(twin, line(book, 3));
        assertThat(seen(book)).containsExactly("1", "2", "3");
        assertThat(parked(book)).containsExactly("2 CONFLICT");
    }

    @Test
    void anotherEventOfAnOlderVersionIsAConflictToo() {
        LongStream.rangeClosed(1, 20).forEach(version -> apply(book, version));
        apply(twin(book, 5), twin(book, 4), line(book, 5), line(book, 21));
        assertThat(parked(book)).as("16 versions are remembered").containsExactly("5 CONFLICT");
        assertThat(seen(book)).hasSize(21);
        apply(twin(book, 21), twin(book, 20));
        assertThat(parked(book)).containsExactly("5 CONFLICT", "20 CONFLICT", "21 CONFLICT");
    }

    @Test
    void ofTwoEventsThatWaitAsTheSameVersionTheSecondIsAConflict() {
        apply(book, 1, 3);
        apply(Feed.event(StreamIds.next(), book, 3, MESSAGE, EventCodec.encode(Notebook.line("twin"))));
        assertThat(parked(book)).containsExactly("3 CONFLICT", "3 GAP");
        apply(book, 2);
        assertThat(seen(book)).containsExactly("1", "2", "3");
        assertThat(database.texts("select text from seen where stream_id = ? and version = 3", book))
                .containsExactly("line 3");
        assertThat(parked(book)).containsExactly("3 CONFLICT");
    }

    @Test
    void anUnknownTypeMarksTheProjectionAndGoesOn() {
        database.execute("delete from projection_note");
        apply(
                line(book, 1),
                Feed.event(Feed.id(book, 2), book, 2, "hindsight.incident.dreamt-of.v1", "{}".getBytes(UTF_8)),
                line(book, 3));
        assertThat(seen(book)).containsExactly("1", "3");
        assertThat(applied("seen", book)).containsExactly("3");
        assertThat(parked(book)).isEmpty();
        assertThat(database.texts(
                        "select consumer || ' ' || unknown_type from projection_note where rebuild_needed order by 1"))
                .containsExactly("beside hindsight.incident.dreamt-of.v1", "seen hindsight.incident.dreamt-of.v1");
    }

    @Test
    void whatIsParkedIsCounted() {
        long before = count();
        apply(book, 2, 3);
        apply(book, 2, 3);
        assertThat(count()).isEqualTo(before + 2);
        apply(book, 1);
        assertThat(count()).isEqualTo(before);
    }

    private long count() {
        return parkedEvents
                .count()
                .await()
                .atMost(SOON)
                .getOrDefault(new ParkedEvents.Kind(SeenProjection.NAME, Reason.GAP), 0L);
    }

    // --- trouble that passes

    /** What a projection may run into while the database or the network is not well. */
    enum Passing {
        CONNECTION_REFUSED,
        CONNECTION_FAILURE,
        CONNECTION_CLOSED,
        DEADLOCK,
        OWN_BACKEND_TERMINATED,
        CONNECTION_FOUND_CLOSED
    }

    @ParameterizedTest
    @EnumSource
    void troubleThatPassesParksNothingAndTheSameWorkIsDoneAgain(Passing trouble) {
        AtomicInteger tries = new AtomicInteger();
        projection.troubles.put(
                book,
                (transaction, versions) ->
                        tries.incrementAndGet() > 2 ? Uni.createFrom().voidItem() : meet(trouble, transaction));

        apply(line(book, 1), line(other, 1), line(book, 2));

        assertThat(tries).hasValue(3);
        assertThat(seen(book)).containsExactly("1", "2");
        assertThat(seen(other)).containsExactly("1");
        assertThat(applied("seen", book)).containsExactly("2");
        assertThat(parked(book)).isEmpty();
        assertThat(parked(other)).isEmpty();
    }

    private static Uni<Void> meet(Passing trouble, SqlConnection transaction) {
        Uni<Void> terminated = transaction
                .query("select pg_terminate_backend(pg_backend_pid())")
                .execute()
                .replaceWithVoid();
        return switch (trouble) {
            case CONNECTION_REFUSED -> Uni.createFrom().failure(new ConnectException("Connection refused"));
            case CONNECTION_FAILURE ->
                Uni.createFrom().failure(new PgException("connection failure", "FATAL", "08006", null));
            case CONNECTION_CLOSED -> Uni.createFrom().failure(new VertxException("Connection was closed"));
            case DEADLOCK -> Uni.createFrom().failure(new PgException("deadlock detected", "ERROR", "40P01", null));
            case OWN_BACKEND_TERMINATED -> terminated;
            // The next query of the transaction finds out.
            case CONNECTION_FOUND_CLOSED -> terminated.onFailure().recoverWithNull();
        };
    }

    @Test
    void connectionsThatAreTerminatedFromOutsideParkNothing() {
        AtomicInteger kills = new AtomicInteger();
        projection.troubles.put(book, (transaction, versions) -> {
            if (kills.incrementAndGet() % 3 == 0) {
                return Uni.createFrom().voidItem();
            }
            return transaction
                    .query("select pg_backend_pid()")
                    .execute()
                    .map(rows -> rows.iterator().next().getInteger(0))
                    .chain(pid -> Uni.createFrom()
                            .voidItem()
                            .invoke(() -> {
                                try (Database admin = Database.connect()) {
                                    admin.end(pid);
                                }
                            })
                            .runSubscriptionOn(Infrastructure.getDefaultWorkerPool()));
        });
        apply(book, 1, 2);
        apply(book, 3);
        assertThat(kills).hasValue(6);
        assertThat(seen(book)).containsExactly("1", "2", "3");
        assertThat(parked(book)).isEmpty();
    }

    @Test
    void aPoolWithoutAFreeConnectionParksNothing() {
        Pool small = Pool.newInstance(PgBuilder.pool()
                .connectingTo(
                        PgConnectOptions.fromUri(databaseUrl).setUser(user).setPassword(password))
                .with(new PoolOptions()
                        .setMaxSize(1)
                        .setConnectionTimeout(200)
                        .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS))
                .using(vertx)
                .build());
        OrderedApply hurried =
                new OrderedApply(small, consumed, config, List.of(projection), List.of(), new SimpleMeterRegistry());
        try {
            SqlConnection taken = small.getConnection().await().atMost(SOON);
            CompletableFuture<Void> applying = hurried.apply(Topic.INCIDENT_EVENTS, Feed.batch(List.of(line(book, 1))))
                    .subscribeAsCompletionStage();
            // Asked for later, and so given up later than the one that is waited for there.
            assertThatThrownBy(() -> small.getConnection().await().atMost(SOON)).hasMessageContaining("Timeout");
            taken.close().await().atMost(SOON);
            applying.orTimeout(20, TimeUnit.SECONDS).join();
        } finally {
            small.close().await().atMost(SOON);
        }
        assertThat(seen(book)).containsExactly("1");
        assertThat(parked(book)).isEmpty();
    }

    // --- automations

    @SafeVarargs
    private CompletableFuture<Void> tell(ConsumerRecord<byte[], byte[]>... records) {
        return orderedApply
                .apply(Topic.POSTMORTEM_EVENTS, Feed.batch(List.of(records)))
                .subscribeAsCompletionStage()
                .orTimeout(20, TimeUnit.SECONDS);
    }

    private static ConsumerRecord<byte[], byte[]> started(UUID item, long version) {
        return Feed.event(item, version, new Started(item));
    }

    @Test
    void anAutomationIsToldInOrderAndWhatWasNotedIsNotToldAgain() {
        tell(started(book, 1), started(book, 3)).join();
        tell(started(book, 2), started(book, 1)).join();
        tell(started(book, 1), started(book, 2), started(book, 3)).join();
        assertThat(automation.heard.get(book)).containsExactly(1L, 2L, 3L);
        assertThat(applied("heard", book)).containsExactly("3");
        assertThat(parked("heard", book)).isEmpty();
    }

    @Test
    void anAutomationIsToldAgainAfterACrashBeforeItWasNoted() {
        tell(started(book, 1)).join();
        CompletableFuture<Void> telling;
        try (Database slow = Database.connect().inTransaction()) {
            // It reacts, and cannot note that it did.
            slow.texts("select 1 from applied where consumer = 'heard' and stream_id = ? for update", book);
            telling = tell(started(book, 2));
            await().atMost(SOON).until(() -> database.waiting() > 0);
            assertThat(automation.heard.get(book)).containsExactly(1L, 2L);
            database.end(database.number("select pid from pg_stat_activity where datname = current_database()"
                    + " and wait_event_type = 'Lock' and query like '%applied%'"));
        }
        telling.join();
        assertThat(automation.heard.get(book)).containsExactly(1L, 2L, 2L);
        assertThat(applied("heard", book)).containsExactly("2");
        assertThat(parked("heard", book)).isEmpty();
    }

    @Test
    void aDefectOfAnAutomationParksThatStreamOnly() {
        automation.troubles.put(
                book,
                version -> version == 2
                        ? Uni.createFrom().failure(new IllegalStateException("a defect of the automation"))
                        : Uni.createFrom().voidItem());
        tell(started(book, 1), started(book, 2), started(other, 1), started(book, 3))
                .join();
        assertThat(applied("heard", book)).containsExactly("1");
        assertThat(parked("heard", book)).containsExactly("2 DEFECT", "3 BEHIND");
        assertThat(applied("heard", other)).containsExactly("1");
    }

    @Test
    void anAutomationThatMeetsTroubleThatPassesIsToldAgain() {
        AtomicInteger tries = new AtomicInteger();
        automation.troubles.put(book, version -> Uni.createFrom()
                .<Void>failure(
                        tries.incrementAndGet() == 1 ? new ConnectException("Connection refused") : new Contended())
                .onFailure(failure -> tries.get() > 2)
                .recoverWithNull());
        tell(started(book, 1)).join();
        assertThat(automation.heard.get(book)).containsExactly(1L, 1L, 1L);
        assertThat(parked("heard", book)).isEmpty();
    }
}
