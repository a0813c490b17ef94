package dev.hindsight.eventstore.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hindsight.contract.Topic;
import dev.hindsight.contract.refusal.Refused;
import dev.hindsight.eventstore.CommandHandler;
import dev.hindsight.eventstore.Database;
import dev.hindsight.eventstore.EventStore;
import dev.hindsight.eventstore.EventStoreBackends;
import dev.hindsight.eventstore.Notebook;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.eventstore.ViewTable;
import dev.hindsight.eventstore.consume.Feed;
import dev.hindsight.eventstore.consume.OrderedApply;
import dev.hindsight.eventstore.relay.Topics;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A view that was made anew holds the same as the live one, whose place it takes while everybody goes on. */
@QuarkusTest
@QuarkusTestResource(EventStoreBackends.class)
class RebuildTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    @Inject
    Rebuilds rebuilds;

    @Inject
    OrderedApply orderedApply;

    @Inject
    PageProjection pages;

    @Inject
    EventStore store;

    @Inject
    Pool pool;

    @Inject
    Topics topics;

    @Inject
    AgroalDataSource dataSource;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    private KafkaProducer<byte[], byte[]> producer;
    private Database database;

    @BeforeEach
    void connect() {
        database = Database.connect();
        // Other tests leave streams behind that nobody can read.
        database.execute("""
                update event set type = readable.type, data = readable.data
                from (select type, data from event where type like '%message-posted%'
                      and convert_from(data, 'UTF8') like '{%' limit 1) as readable
                where event.type like '%dreamt-of%' or convert_from(event.data, 'UTF8') not like '{%'""");
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @AfterEach
    void disconnect() {
        pages.delicate = false;
        producer.close();
        database.close();
    }

    // --- what is on the topic

    private void publish(List<ConsumerRecord<byte[], byte[]>> records) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> next : records) {
            sent.add(producer.send(new ProducerRecord<>(
                    topics.nameOf(Topic.ACTION_ITEM_EVENTS.wireName()),
                    null,
                    (Long) null,
                    next.key(),
                    next.value(),
                    next.headers())));
        }
        producer.flush();
        for (Future<RecordMetadata> one : sent) {
            try {
                one.get();
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private Uni<Void> applying(List<ConsumerRecord<byte[], byte[]>> records) {
        return orderedApply.apply(Topic.ACTION_ITEM_EVENTS, Feed.batch(records));
    }

    /** Published, and applied by the live projection. */
    private void live(List<ConsumerRecord<byte[], byte[]>> records) {
        publish(records);
        applying(records).await().atMost(SOON);
    }

    private static List<ConsumerRecord<byte[], byte[]>> lines(UUID page, long... versions) {
        return Arrays.stream(versions)
                .mapToObj(version -> Feed.event(page, version, Notebook.line("line " + version + " of\t" + page)))
                .toList();
    }

    private static List<ConsumerRecord<byte[], byte[]>> manyPages(int count) {
        return Stream.generate(StreamIds::next)
                .limit(count)
                .flatMap(page -> lines(page, 1, 2, 3).stream())
                .toList();
    }

    // --- how it goes

    private void start(String name) {
        rebuilds.start(name, "alice", Notebook.CONTEXT, List.of()).await().atMost(SOON);
    }

    private RebuildStatus status(String name) {
        return rebuilds.status(name).await().atMost(SOON).orElseThrow();
    }

    private RebuildStatus end(String name) {
        await().atMost(SOON).until(() -> status(name).state().isOver());
        return status(name);
    }

    private RebuildStatus rebuilt(String name) {
        start(name);
        RebuildStatus end = end(name);
        assertThat(end.failure()).isNull();
        assertThat(end.state()).isEqualTo(RebuildState.DONE);
        return end;
    }

    private ProjectionHash hash(ViewTable table) {
        try (Connection connection = dataSource.getConnection()) {
            return ProjectionHash.of(connection, table);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<ProjectionHash> hashes() {
        return List.of(hash(PageProjection.PAGE), hash(PageProjection.LINE));
    }

    private List<String> shape() {
        return database.texts("""
                select indexdef from pg_indexes where schemaname = 'public' and tablename in ('page', 'page_line')
                union all
                select conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
                where conrelid in ('page'::regclass, 'page_line'::regclass)
                union all
                select table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || is_identity
                       || coalesce(generation_expression, '')
                from information_schema.columns where table_schema = 'public' and table_name in ('page', 'page_line')
                union all
                select relname || coalesce(relacl::text, '') from pg_class
                where oid in ('page'::regclass, 'page_line'::regclass, 'page_line_number_seq'::regclass)
                order by 1""");
    }

    // --- from topics

    @Test
    void aRebuiltProjectionHoldsTheSameAsTheLiveOne() {
        UUID twice = StreamIds.next();
        UUID mixedUp = StreamIds.next();
        UUID poisoned = StreamIds.next();
        live(manyPages(300));
        live(lines(twice, 1, 1, 2));
        live(lines(twice, 2, 3));
        live(lines(mixedUp, 3));
        live(lines(mixedUp, 5, 1, 2));
        live(lines(poisoned, 1));
        live(List.of(Feed.event(
                StreamIds.next(),
                poisoned,
                2,
                "hindsight.incident.message-posted.v1",
                "no JSON".getBytes(StandardCharsets.UTF_8))));
        live(lines(poisoned, 3));
        live(List.of(Feed.bytes(StreamIds.next(), new RecordHeaders(), new byte[] {1, 2, 3})));
        List<ProjectionHash> before = hashes();
        List<String> shape = shape();
        List<String> parked = parked();
        List<String> applied = applied();

        RebuildStatus end = rebuilt(PageProjection.NAME);

        assertThat(before.getFirst().rows()).isGreaterThanOrEqualTo(303);
        assertThat(hashes()).isEqualTo(before);
        assertThat(shape()).isEqualTo(shape);
        assertThat(parked()).isEqualTo(parked).isNotEmpty();
        assertThat(applied()).isEqualTo(applied);
        assertThat(database.texts("select nspname from pg_namespace where nspname like 'rebuild%'"))
                .isEmpty();
        assertThat(end.eventsDone()).isEqualTo(end.eventsTotal()).isGreaterThan(900);
        assertThat(end.streams()).isGreaterThanOrEqualTo(303);
        assertThat(end.by()).isEqualTo("alice");
        assertThat(end.finishedAt()).isAfterOrEqualTo(end.startedAt());

        // The live projection goes on in the new tables, and what waits is applied when its turn comes.
        live(lines(mixedUp, 4));
        assertThat(database.texts("select lines from page where id = ?", mixedUp))
                .containsExactly("5");
    }

    private List<String> parked() {
        return database.texts("select coalesce(stream_id::text, '') || version || reason from parked_event"
                + " where consumer = 'pages' and settled_at is null order by 1");
    }

    private List<String> applied() {
        return database.texts(
                "select stream_id || ' ' || version || event_id from applied where consumer = 'pages' order by 1");
    }

    @Test
    void whatComesDuringARebuildIsInIt() throws Exception {
        live(manyPages(500));
        AtomicBoolean going = new AtomicBoolean(true);
        CompletableFuture<Integer> feeding = CompletableFuture.supplyAsync(() -> {
            int batches = 0;
            while (going.get()) {
                live(manyPages(5));
                batches++;
            }
            return batches;
        });
        try {
            await().until(() -> database.number("select count(*) from page") > 510);
            rebuilt(PageProjection.NAME);
            rebuilt(PageProjection.NAME);
        } finally {
            going.set(false);
        }
        assertThat(feeding.get()).isPositive();

        List<ProjectionHash> grown = hashes();
        rebuilt(PageProjection.NAME);
        assertThat(hashes()).isEqualTo(grown);
        assertThat(database.number("select count(*) from page_line"))
                .isEqualTo(
                        database.number(
                                "select sum(version) from applied where consumer = 'pages' and version = 3 or consumer = 'pages'"));
    }

    @Test
    void readersSeeEveryRowAndNoFailureWhileTablesAreExchanged() throws Exception {
        UUID page = StreamIds.next();
        live(manyPages(50));
        live(lines(page, 1, 2));
        AtomicBoolean going = new AtomicBoolean(true);
        AtomicInteger reads = new AtomicInteger();
        List<CompletableFuture<Void>> readers = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        for (int i = 0; i < 4; i++) {
            boolean inTransaction = i % 2 == 0;
            readers.add(CompletableFuture.runAsync(
                    () -> {
                        while (going.get()) {
                            String sql =
                                    "select p.*, l.text from page p join page_line l on l.page_id = p.id where p.id = $1";
                            int rows = (inTransaction
                                            ? pool.withTransaction(transaction -> transaction
                                                    .preparedQuery("select count(*) from page_line")
                                                    .execute()
                                                    .chain(() -> transaction
                                                            .preparedQuery(sql)
                                                            .execute(Tuple.of(page))))
                                            : pool.preparedQuery(sql).execute(Tuple.of(page)))
                                    .await()
                                    .atMost(SOON)
                                    .size();
                            if (rows != 2) {
                                throw new AssertionError("saw " + rows + " rows");
                            }
                            reads.incrementAndGet();
                        }
                    },
                    threads));
        }
        try {
            for (int i = 0; i < 5; i++) {
                int before = reads.get();
                rebuilt(PageProjection.NAME);
                await().until(() ->
                        reads.get() > before + 10 || readers.stream().anyMatch(CompletableFuture::isDone));
            }
        } finally {
            going.set(false);
            threads.close();
        }
        for (CompletableFuture<Void> reader : readers) {
            reader.get();
        }
        assertThat(reads).hasPositiveValue();
    }

    @Test
    void aTopicThatNoLongerHoldsEverythingFailsTheRebuildAndLeavesTheLiveViewAsItIs() {
        UUID lost = StreamIds.next();
        live(manyPages(3));
        publish(lines(lost, 1, 2));
        applying(lines(lost, 1, 2, 3, 4)).await().atMost(SOON);
        List<ProjectionHash> before = hashes();

        start(PageProjection.NAME);
        RebuildStatus end = end(PageProjection.NAME);

        assertThat(end.state()).isEqualTo(RebuildState.FAILED);
        assertThat(end.failure())
                .contains(lost.toString())
                .contains("at version 2 of 4")
                .contains("no longer holds");
        assertThat(hashes()).isEqualTo(before);
        publish(lines(lost, 3, 4));
        rebuilt(PageProjection.NAME);
        assertThat(hashes()).isEqualTo(before);
    }

    @Test
    void whatAnAdminHasDiscardedIsPassedOverAgain() {
        UUID page = StreamIds.next();
        live(lines(page, 1));
        live(List.of(Feed.event(
                Feed.id(page, 2),
                page,
                2,
                "hindsight.incident.message-posted.v1",
                "?".getBytes(StandardCharsets.UTF_8))));
        database.execute(
                "update parked_event set settlement = 'DISCARDED', settled_at = now(), settled_by = 'alice',"
                        + " settled_reason = 'a test' where consumer = 'pages' and stream_id = ?",
                page);
        live(lines(page, 1, 3));
        live(List.of(Feed.event(
                Feed.id(page, 2),
                page,
                2,
                "hindsight.incident.message-posted.v1",
                "?".getBytes(StandardCharsets.UTF_8))));
        live(lines(page, 3));
        assertThat(database.texts("select last from page where id = ?", page))
                .allSatisfy(last -> assertThat(last).startsWith("line 3"));
        List<ProjectionHash> before = hashes();

        rebuilt(PageProjection.NAME);

        assertThat(hashes()).isEqualTo(before);
        assertThat(database.texts(
                        "select settlement from parked_event where consumer = 'pages' and stream_id = ?", page))
                .containsExactly("DISCARDED");
    }

    @Test
    void aDefectThatWasMendedIsMadeGoodByARebuild() {
        UUID page = StreamIds.next();
        pages.delicate = true;
        live(List.of(
                Feed.event(page, 1, Notebook.line("fine")),
                Feed.event(page, 2, Notebook.line(PageProjection.UNBEARABLE)),
                Feed.event(page, 3, Notebook.line("fine again"))));
        assertThat(database.texts("select reason from parked_event where consumer = 'pages' and stream_id = ?", page))
                .isNotEmpty();
        pages.delicate = false;

        rebuilt(PageProjection.NAME);

        assertThat(database.texts("select last from page where id = ?", page)).containsExactly("fine again");
        assertThat(database.texts(
                        "select reason from parked_event where consumer = 'pages' and stream_id = ? and settled_at is null",
                        page))
                .isEmpty();
    }

    @Test
    void rightsThatSomebodyGaveOnATableAreThereAfterwards() {
        live(manyPages(2));
        database.execute("grant select on page to public");
        List<String> shape = shape();
        rebuilt(PageProjection.NAME);
        assertThat(shape()).isEqualTo(shape).anySatisfy(line -> assertThat(line).contains("page{", "=r/"));
        database.execute("revoke select on page from public");
    }

    @Test
    void aTableThatOthersHangOnIsNotReplaced() {
        live(manyPages(2));
        database.execute("create view shown_pages as select id from page");
        try {
            start(PageProjection.NAME);
            RebuildStatus end = end(PageProjection.NAME);
            assertThat(end.state()).isEqualTo(RebuildState.FAILED);
            assertThat(end.failure()).contains("view shown_pages");
        } finally {
            database.execute("drop view shown_pages");
        }
    }

    // --- one at a time, canceled, abandoned

    @Test
    void thereIsOneAtATimeAndItCanBeCanceled() {
        live(manyPages(5));
        List<ProjectionHash> before = hashes();
        try (Database reader = Database.connect().inTransaction()) {
            // Somebody reads without an end: it cannot swap.
            reader.texts("select count(*) from page");
            start(PageProjection.NAME);
            await().atMost(SOON).until(() -> status(PageProjection.NAME).state() == RebuildState.SWAPPING);
            assertThatThrownBy(() -> start(PageProjection.NAME))
                    .isInstanceOfSatisfying(Refused.class, refused -> assertThat(
                                    refused.reasons().getFirst().code())
                            .isEqualTo("REBUILD_RUNNING"));
            // Others read and the projection goes on meanwhile.
            live(lines(StreamIds.next(), 1));
            assertThat(database.number("select count(*) from page"))
                    .isEqualTo(before.getFirst().rows() + 1);

            rebuilds.cancel(PageProjection.NAME).await().atMost(SOON);
            assertThat(end(PageProjection.NAME).state()).isEqualTo(RebuildState.CANCELED);
        }
        assertThatThrownBy(() -> rebuilds.cancel(PageProjection.NAME).await().atMost(SOON))
                .isInstanceOf(Refused.class);
        assertThat(database.texts("select nspname from pg_namespace where nspname like 'rebuild%'"))
                .isEmpty();
        rebuilt(PageProjection.NAME);
    }

    @Test
    void oneWhoseInstanceEndedIsSeenAsAbandonedAndBegunAnew() {
        live(manyPages(5));
        database.execute("""
                insert into projection_rebuild (id, projection, state, started_by, started_at)
                values (?, 'pages', 'READING', 'bob', now())""", StreamIds.next());
        database.execute("create schema rebuild_pages");
        database.execute("create table rebuild_pages.page (id int)");
        assertThat(status(PageProjection.NAME).state()).isEqualTo(RebuildState.ABANDONED);
        rebuilt(PageProjection.NAME);
        assertThat(database.texts("select state from projection_rebuild where started_by = 'bob'"))
                .containsExactly("ABANDONED");
    }

    @Test
    void oneThatLosesItsConnectionEndsAndTheNextOneSucceeds() {
        live(manyPages(5));
        List<ProjectionHash> before = hashes();
        try (Database reader = Database.connect().inTransaction()) {
            reader.texts("select count(*) from page");
            start(PageProjection.NAME);
            await().atMost(SOON).until(() -> status(PageProjection.NAME).state() == RebuildState.SWAPPING);
            database.texts("""
                    select pg_terminate_backend(pid) from pg_locks
                    where locktype = 'advisory' and pid <> pg_backend_pid() and mode = 'ExclusiveLock'
                      and ((classid::bigint << 32) | objid::bigint) = hashtextextended('hindsight rebuild pages', 0)""");
            assertThat(end(PageProjection.NAME).state()).isIn(RebuildState.FAILED, RebuildState.ABANDONED);
        }
        assertThat(hashes()).isEqualTo(before);
        await().atMost(SOON).ignoreExceptions().untilAsserted(() -> start(PageProjection.NAME));
        assertThat(end(PageProjection.NAME).state()).isEqualTo(RebuildState.DONE);
        assertThat(hashes()).isEqualTo(before);
    }

    @Test
    void aProjectionWithoutTablesIsNotRebuilt() {
        assertThatThrownBy(() -> start("beside")).isInstanceOfSatisfying(Refused.class, refused -> assertThat(
                        refused.reasons().getFirst().code())
                .isEqualTo("NOTHING_TO_REBUILD"));
    }

    // --- from the event store

    private void write(UUID book, String text) {
        new CommandHandler<>(store, Notebook.DECIDER, 10)
                .handle(
                        Set.of(book),
                        Notebook.CONTEXT,
                        states -> CommandHandler.plan(
                                book,
                                book,
                                List.of(Notebook.newLine(text)),
                                after -> List.of(NotebookOwnView.SHELF.rows(List.of(NotebookOwnView.row(after)))),
                                null))
                .await()
                .atMost(SOON);
    }

    private List<String> notebooks(List<UUID> books) {
        return database.texts(
                "select id || ' ' || lines || ' ' || last from shelf where id = any (?::uuid[]) order by 1",
                "{" + String.join(",", books.stream().map(UUID::toString).toList()) + "}");
    }

    @Test
    void aViewOfOwnEventsIsTheSameAfterARebuildWhileCommandsGoOn() throws Exception {
        List<UUID> books = Stream.generate(StreamIds::next).limit(40).toList();
        for (UUID book : books) {
            write(book, "first\tline \\ with\neverything \"quoted\" ümlaut");
            write(book, "second");
        }
        AtomicBoolean going = new AtomicBoolean(true);
        AtomicInteger written = new AtomicInteger();
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            while (going.get()) {
                int n = written.incrementAndGet();
                write(books.get(n % books.size()), "line " + n);
                if (n > 1200) {
                    return;
                }
            }
        });
        try {
            for (int i = 0; i < 3; i++) {
                int before = written.get();
                await().until(() -> written.get() > before + 5 || writing.isDone());
                rebuilt(NotebookOwnView.NAME);
            }
        } finally {
            going.set(false);
        }
        writing.get();

        List<String> live = notebooks(books);
        assertThat(live).hasSize(40);
        for (UUID book : books) {
            assertThat(database.number("select lines from shelf where id = ?", book))
                    .isEqualTo(database.number("select count(*) from event where stream_id = ?", book));
        }
        RebuildStatus end = rebuilt(NotebookOwnView.NAME);
        assertThat(notebooks(books)).isEqualTo(live);
        assertThat(end.streams()).isGreaterThanOrEqualTo(40);
        assertThat(end.eventsDone()).isGreaterThanOrEqualTo(80);
    }

    @Test
    void rowsThatSomethingElseLeftInAViewOfOwnEventsAreGone() {
        UUID book = StreamIds.next();
        write(book, "kept");
        UUID stranger = StreamIds.next();
        database.execute(
                "insert into shelf (id, lines, last, version) values (?, 7, 'nobody wrote this', 7)", stranger);
        database.execute("update shelf set last = 'changed by hand' where id = ?", book);
        rebuilt(NotebookOwnView.NAME);
        assertThat(notebooks(List.of(book, stranger))).containsExactly(book + " 1 kept");
    }
}
