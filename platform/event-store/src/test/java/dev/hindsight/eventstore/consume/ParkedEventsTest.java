package dev.hindsight.eventstore.consume;

import static dev.hindsight.eventstore.consume.Feed.line;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hindsight.contract.ActionItemEvent.Started;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.EventStoreBackends;
import dev.hindsight.eventstore.consume.ParkedEvent.Outcome;
import dev.hindsight.eventstore.consume.Settling.AlreadySettled;
import dev.hindsight.eventstore.consume.Settling.NotThere;
import dev.hindsight.eventstore.consume.Settling.Refused;
import dev.hindsight.eventstore.consume.Settling.Settled;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.net.ConnectException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

/** What is parked is tried again or given up by somebody, in order, once, and on record. */
@QuarkusTest
@QuarkusTestResource(EventStoreBackends.class)
class ParkedEventsTest extends Consuming {

    private static final String ADA = "ada";

    @Inject
    ConsumptionWatch watch;

    @Inject
    MeterRegistry meters;

    private Settling retry(long id) {
        return parkedEvents.retry(id, ADA).await().atMost(SOON);
    }

    private Settling discard(long id) {
        return parkedEvents.discard(id, ADA, "sent by a broken script").await().atMost(SOON);
    }

    private long idOf(UUID stream, long version) {
        return database.number(
                "select id from parked_event where consumer = 'seen' and stream_id = ? and version = ? order by id desc",
                stream,
                version);
    }

    private void defectOn(Long... versions) {
        List<Long> bad = List.of(versions);
        projection.troubles.put(
                book,
                (transaction, given) -> given.stream().anyMatch(bad::contains)
                        ? Uni.createFrom().failure(new IllegalStateException("a defect at " + bad.getFirst()))
                        : Uni.createFrom().voidItem());
    }

    private static ConsumerRecord<byte[], byte[]> undecodable(UUID stream, long version) {
        return Feed.event(Feed.id(stream, version), stream, version, MESSAGE, "[]".getBytes(UTF_8));
    }

    // --- retry

    @Test
    void aDefectThatWasMendedAppliesOnRetryAndWhatStoodBehindItFollowsInOrder() {
        defectOn(2L);
        apply(line(book, 1), line(book, 2), line(book, 3));
        apply(line(book, 4), line(book, 6));
        assertThat(parked(book)).containsExactly("2 DEFECT", "3 BEHIND", "4 BEHIND", "6 BEHIND");
        projection.troubles.clear();

        Settled settled = (Settled) retry(idOf(book, 2));

        assertThat(settled.appliedAfterwards()).isEqualTo(2);
        assertThat(settled.nowParkedAt()).isNull();
        assertThat(settled.event().settlement()).satisfies(settlement -> {
            assertThat(settlement.outcome()).isEqualTo(Outcome.APPLIED);
            assertThat(settlement.by()).isEqualTo(ADA);
        });
        assertThat(seen(book)).containsExactly("1", "2", "3", "4");
        assertThat(parked(book)).as("a gap of its own").containsExactly("6 GAP");
        apply(line(book, 5));
        assertThat(seen(book)).containsExactly("1", "2", "3", "4", "5", "6");
        assertThat(parked(book)).isEmpty();
        // And once more: nothing is doubled.
        apply(line(book, 1), line(book, 2), line(book, 3), line(book, 6));
        assertThat(seen(book)).hasSize(6);
    }

    @Test
    void whatStillFailsStaysParkedWithWhatIsWrongNow() {
        defectOn(1L);
        apply(line(book, 1), line(book, 2));
        projection.troubles.put(book, (transaction, versions) -> Uni.createFrom()
                .failure(new IllegalArgumentException("another defect")));
        assertThat(retry(idOf(book, 1)))
                .isEqualTo(new Refused("STILL_DEFECT", "IllegalArgumentException: another defect"));
        assertThat(parked(book)).containsExactly("1 DEFECT", "2 BEHIND");
        assertThat(database.texts("select detail from parked_event where id = ?", idOf(book, 1)))
                .containsExactly("IllegalArgumentException: another defect");
        assertThat(seen(book)).isEmpty();
    }

    @Test
    void aRetryGoesAsFarAsTheNextOneThatFails() {
        defectOn(1L, 3L);
        apply(line(book, 1), line(book, 2), line(book, 3), line(book, 4));
        defectOn(3L);
        Settled settled = (Settled) retry(idOf(book, 1));
        assertThat(settled.appliedAfterwards()).isEqualTo(1);
        assertThat(settled.nowParkedAt()).satisfies(next -> {
            assertThat(next.version()).isEqualTo(3);
            assertThat(next.reason()).isEqualTo(Reason.DEFECT);
        });
        assertThat(seen(book)).containsExactly("1", "2");
        assertThat(parked(book)).containsExactly("3 DEFECT", "4 BEHIND");
    }

    @Test
    void troubleThatPassesIsNoAnswerAndChangesNothing() {
        defectOn(1L);
        apply(line(book, 1));
        projection.troubles.put(
                book, (transaction, versions) -> Uni.createFrom().failure(new ConnectException("Connection refused")));
        assertThatThrownBy(() -> retry(idOf(book, 1))).hasRootCauseInstanceOf(ConnectException.class);
        assertThat(parked(book)).containsExactly("1 DEFECT");
        assertThat(database.texts("select detail from parked_event where id = ?", idOf(book, 1)))
                .containsExactly("IllegalStateException: a defect at 1");
    }

    @Test
    void undecodableConflictingAndUnattributableOnesAreJudgedAgain() {
        ConsumerRecord<byte[], byte[]> alien = Feed.bytes(other, new RecordHeaders(), "?".getBytes(UTF_8));
        apply(line(book, 1), twin(book, 1), undecodable(book, 2), alien);
        assertThat(code(retry(idOf(book, 2)))).isEqualTo("STILL_UNDECODABLE");
        assertThat(code(retry(idOf(book, 1)))).isEqualTo("STILL_CONFLICT");
        assertThat(code(retry(place(alien)))).isEqualTo("STILL_UNATTRIBUTABLE");
        assertThat(parked(book)).containsExactly("1 CONFLICT", "2 UNDECODABLE");
    }

    private static String code(Settling settling) {
        return ((Refused) settling).code();
    }

    private long place(ConsumerRecord<byte[], byte[]> kafka) {
        return database.number(
                "select id from parked_event where consumer = 'seen' and topic = ? and kafka_offset = ?",
                kafka.topic(),
                kafka.offset());
    }

    @Test
    void ofTwoAdminsWhoRetryTheSameOneAppliesIt() {
        defectOn(1L);
        apply(line(book, 1), line(book, 2));
        projection.troubles.clear();
        long id = idOf(book, 1);
        List<CompletableFuture<Settling>> both = Stream.of("ada", "grace")
                .map(who -> parkedEvents.retry(id, who).subscribeAsCompletionStage())
                .toList();
        List<Settling> results = both.stream().map(CompletableFuture::join).toList();
        assertThat(results).hasAtLeastOneElementOfType(Settled.class);
        assertThat(seen(book)).containsExactly("1", "2");
        assertThat(parked(book)).isEmpty();
        assertThat(retry(id)).isInstanceOf(AlreadySettled.class);
    }

    @Test
    void anAutomationIsToldAgainAndThenWhatStoodBehind() {
        automation.troubles.put(
                book,
                version -> version == 1
                        ? Uni.createFrom().failure(new IllegalStateException("a defect"))
                        : Uni.createFrom().voidItem());
        tell(started(1), started(2));
        assertThat(parked("heard", book)).containsExactly("1 DEFECT", "2 BEHIND");
        long id = database.number(
                "select id from parked_event where consumer = 'heard' and stream_id = ? and version = 1", book);
        assertThat(code(retry(id))).isEqualTo("STILL_DEFECT");
        automation.troubles.clear();
        automation.heard.put(book, new CopyOnWriteArrayList<>());
        assertThat(retry(id)).isInstanceOf(Settled.class);
        assertThat(automation.heard.get(book)).containsExactly(1L, 2L);
        assertThat(parked("heard", book)).isEmpty();
    }

    @SafeVarargs
    private void tell(ConsumerRecord<byte[], byte[]>... records) {
        orderedApply
                .apply(Topic.POSTMORTEM_EVENTS, Feed.batch(List.of(records)))
                .await()
                .atMost(SOON);
    }

    private ConsumerRecord<byte[], byte[]> started(long version) {
        return Feed.event(book, version, new Started(book));
    }

    // --- discard

    @Test
    void whatIsDiscardedIsPassedOverForGoodAndWhatStoodBehindItFollows() {
        apply(line(book, 1), undecodable(book, 2), line(book, 3), line(other, 1));
        Settled settled = (Settled) discard(idOf(book, 2));
        assertThat(settled.appliedAfterwards()).isEqualTo(1);
        assertThat(settled.event().settlement()).satisfies(settlement -> {
            assertThat(settlement.outcome()).isEqualTo(Outcome.DISCARDED);
            assertThat(settlement.by()).isEqualTo(ADA);
            assertThat(settlement.reason()).isEqualTo("sent by a broken script");
            assertThat(settlement.at()).isNotNull();
        });
        assertThat(seen(book)).containsExactly("1", "3");
        apply(line(book, 1), undecodable(book, 2), line(book, 3), line(book, 4));
        assertThat(seen(book)).containsExactly("1", "3", "4");
        assertThat(parked(book)).isEmpty();
        assertThat(discard(idOf(book, 2))).isInstanceOf(AlreadySettled.class);
    }

    @Test
    void whatWasDiscardedIsPassedOverByAViewThatStartsAgainFromNothing() {
        apply(line(book, 1), undecodable(book, 2), line(book, 3));
        discard(idOf(book, 2));
        database.execute("delete from applied where stream_id = ?", book);
        apply(line(book, 1), undecodable(book, 2), line(book, 3));
        assertThat(seen(book)).containsExactly("1", "3", "1", "3");
        assertThat(parked(book)).isEmpty();
    }

    @Test
    void aDefectCanBeDiscardedToo() {
        defectOn(1L);
        apply(line(book, 1), line(book, 2));
        assertThat(discard(idOf(book, 1))).isInstanceOf(Settled.class);
        assertThat(seen(book)).containsExactly("2");
    }

    @Test
    void aConflictAndWhatBelongsToNoStreamJustLeaveTheListAndDoNotComeBack() {
        ConsumerRecord<byte[], byte[]> alien = Feed.bytes(other, new RecordHeaders(), "?".getBytes(UTF_8));
        apply(line(book, 1), line(book, 2), twin(book, 1), alien);
        assertThat(discard(idOf(book, 1))).isInstanceOf(Settled.class);
        assertThat(discard(place(alien))).isInstanceOf(Settled.class);
        apply(twin(book, 1), alien);
        assertThat(parked(book)).isEmpty();
        assertThat(database.number(
                        "select count(*) from parked_event where consumer = 'seen' and kafka_offset = ? and topic = ?"
                                + " and settled_at is null",
                        alien.offset(),
                        alien.topic()))
                .isZero();
        assertThat(seen(book)).containsExactly("1", "2");
    }

    @Test
    void whatOnlyWaitsCannotBeDiscardedOrHurried() {
        apply(line(book, 2), undecodable(other, 1), line(other, 2));
        assertThat(code(discard(idOf(book, 2)))).isEqualTo("WAITS_FOR_EARLIER");
        assertThat(code(retry(idOf(book, 2)))).isEqualTo("WAITS_FOR_EARLIER");
        for (Settling refused : List.of(discard(idOf(other, 2)), retry(idOf(other, 2)))) {
            assertThat(refused).isInstanceOfSatisfying(Refused.class, reason -> {
                assertThat(reason.code()).isEqualTo("STANDS_BEHIND");
                assertThat(reason.detail()).contains("parked event " + idOf(other, 1));
            });
        }
        assertThat(parked(book)).containsExactly("2 GAP");
        assertThat(parked(other)).containsExactly("1 UNDECODABLE", "2 BEHIND");
    }

    @Test
    void whatWasNeverParkedIsNotThere() {
        assertThat(retry(Long.MAX_VALUE)).isEqualTo(new NotThere());
        assertThat(discard(Long.MAX_VALUE)).isEqualTo(new NotThere());
        assertThat(parkedEvents.find(Long.MAX_VALUE).await().atMost(SOON)).isEmpty();
    }

    @Test
    void aConsumerThatIsNoMoreCanBeDiscardedButNotRetried() {
        apply(undecodable(book, 1));
        long id = idOf(book, 1);
        database.execute("update parked_event set consumer = 'gone' where id = ?", id);
        assertThat(code(retry(id))).isEqualTo("NO_SUCH_CONSUMER");
        assertThat(discard(id)).isInstanceOf(Settled.class);
    }

    @Test
    void retriesAndDiscardsAreCounted() {
        double retries = counter("hindsight.parked.retries", "failed");
        double discards = counter("hindsight.parked.discards", "discarded");
        apply(undecodable(book, 1));
        retry(idOf(book, 1));
        discard(idOf(book, 1));
        assertThat(counter("hindsight.parked.retries", "failed")).isEqualTo(retries + 1);
        assertThat(counter("hindsight.parked.discards", "discarded")).isEqualTo(discards + 1);
    }

    private double counter(String name, String outcome) {
        var counter =
                meters.find(name).tags("consumer", "seen", "outcome", outcome).counter();
        return counter == null ? 0 : counter.count();
    }

    @Test
    void theGaugeSaysHowManyAreParkedByConsumerAndReason() {
        apply(undecodable(book, 1));
        parkedEvents.count().await().atMost(SOON);
        assertThat(meters.find("hindsight.parked.events")
                        .tags("consumer", "seen", "reason", "UNDECODABLE")
                        .gauge()
                        .value())
                .isPositive();
    }

    // --- by itself

    @Test
    void whatStandsBehindNothingAnyMoreGoesOnByItself() {
        // As two instances can leave it: one parks behind what the other settles at the same moment.
        apply(line(book, 1), undecodable(book, 2), line(book, 3), line(book, 4));
        database.execute(
                "update parked_event set settlement = 'DISCARDED', settled_at = now(), settled_by = 'ada' where id = ?",
                idOf(book, 2));
        database.execute("update applied set version = 2, event_id = ? where stream_id = ?", Feed.id(book, 2), book);
        await().atMost(SOON).untilAsserted(() -> {
            watch.mendParked();
            assertThat(seen(book)).containsExactly("1", "3", "4");
        });
        assertThat(parked(book)).isEmpty();
    }

    @Test
    void whatWasPassedByOtherMeansIsSettledByItself() {
        apply(undecodable(book, 1), line(book, 2));
        database.execute(
                "insert into applied (consumer, stream_id, version, event_id, recent) values ('seen', ?, 5, ?, '')",
                book,
                Feed.id(book, 5));
        watch.mendParked();
        assertThat(parked(book)).isEmpty();
        assertThat(database.texts(
                        "select settlement || ' ' || settled_by from parked_event where stream_id = ?"
                                + " and consumer = 'seen'",
                        book))
                .containsExactly("APPLIED hindsight");
        apply(line(book, 6));
        assertThat(seen(book)).containsExactly("6");
    }

    // --- the list

    @Test
    void theListIsNewestFirstAndCanBeNarrowed() {
        apply(undecodable(book, 1), line(book, 2), line(book, 3), undecodable(other, 1));
        ParkedEvents.Filter ofBook = new ParkedEvents.Filter("seen", book, null, false);
        List<ParkedEvent> all = parkedEvents.list(ofBook, null, 10).await().atMost(SOON);
        assertThat(all).extracting(ParkedEvent::version).containsExactlyInAnyOrder(1L, 2L, 3L);
        assertThat(all).extracting(ParkedEvent::id).isSortedAccordingTo((a, b) -> Long.compare(b, a));
        assertThat(parkedEvents.list(ofBook, all.getFirst().id(), 1).await().atMost(SOON))
                .extracting(ParkedEvent::id)
                .containsExactly(all.get(1).id());
        assertThat(parkedEvents
                        .list(new ParkedEvents.Filter(null, book, Reason.UNDECODABLE, false), null, 10)
                        .await()
                        .atMost(SOON))
                .extracting(ParkedEvent::consumer)
                .containsExactlyInAnyOrder("seen", "beside");
        discard(idOf(book, 1));
        assertThat(parkedEvents
                        .list(new ParkedEvents.Filter("seen", book, null, true), null, 10)
                        .await()
                        .atMost(SOON))
                .extracting(ParkedEvent::version)
                .containsExactly(1L);
    }
}
