package dev.hindsight.postmortem.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.PostmortemEvent;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Vocabulary;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.contract.refusal.Invalid.Violation;
import dev.hindsight.contract.refusal.Refused;
import dev.hindsight.contract.refusal.Refused.Reason;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** given(events).when(command).then(events), or thenRefused(codes). */
final class PostmortemSpec {

    static final Instant AT = Instant.parse("2026-05-07T12:00:00Z");
    static final String PERSON = "00000000-0000-5000-8000-00000000000a";

    private final AtomicLong sequence = new AtomicLong();
    private Postmortem state = new Postmortem.None();
    private PostmortemCommand command;
    private Instant happenedAt = AT;

    static PostmortemSpec given(PostmortemEvent... events) {
        return new PostmortemSpec().and(EventHeader.HINDSIGHT, events);
    }

    /** The same facts, but they happened then. */
    PostmortemSpec at(Instant time, PostmortemEvent... events) {
        happenedAt = time;
        and(PERSON, events);
        happenedAt = AT;
        return this;
    }

    PostmortemSpec byAPerson(PostmortemEvent... events) {
        return and(PERSON, events);
    }

    private PostmortemSpec and(String actor, PostmortemEvent... events) {
        Stream.of(events).forEach(event -> state = Postmortem.evolve(state, recorded(event, actor)));
        return this;
    }

    private Recorded<PostmortemEvent> recorded(PostmortemEvent event, String actor) {
        return new Recorded<>(
                new EventHeader(
                        new UUID(0, sequence.incrementAndGet()),
                        Vocabulary.wireNameOf(event),
                        new UUID(0, 1),
                        sequence.get(),
                        happenedAt,
                        0,
                        AT,
                        actor,
                        EventHeader.FROM_API,
                        null,
                        null),
                event);
    }

    PostmortemSpec when(PostmortemCommand asked) {
        command = asked;
        return this;
    }

    void then(PostmortemEvent... expected) {
        assertThat(Postmortem.decide(state, command)).containsExactly(expected);
    }

    void thenNothing() {
        assertThat(Postmortem.decide(state, command)).isEmpty();
    }

    void thenRefused(String... codes) {
        assertThatThrownBy(() -> Postmortem.decide(state, command))
                .isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.reasons())
                        .extracting(Reason::code)
                        .containsExactly(codes));
    }

    void thenRefusedSaying(String code, String words) {
        assertThatThrownBy(() -> Postmortem.decide(state, command))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.reasons()).singleElement().satisfies(reason -> {
                            assertThat(reason.code()).isEqualTo(code);
                            assertThat(reason.message()).contains(words);
                        }));
    }

    void thenInvalid(String field, String code) {
        assertThatThrownBy(() -> Postmortem.decide(state, command))
                .isInstanceOfSatisfying(Invalid.class, invalid -> assertThat(invalid.violations())
                        .extracting(Violation::field, Violation::code)
                        .containsExactly(org.assertj.core.groups.Tuple.tuple(field, code)));
    }

    Postmortem state() {
        return state;
    }

    static <T> List<T> none() {
        return List.of();
    }
}
