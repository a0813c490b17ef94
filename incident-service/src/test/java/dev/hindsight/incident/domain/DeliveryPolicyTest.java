package dev.hindsight.incident.domain;

import static dev.hindsight.incident.domain.IncidentSpec.minute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.incident.domain.DeliveryPolicy.Message;
import dev.hindsight.incident.domain.DeliveryPolicy.Outcome;
import dev.hindsight.incident.domain.DeliveryPolicy.Receiver;
import dev.hindsight.incident.domain.DeliveryPolicy.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveryPolicyTest {

    private static final DeliveryPolicy POLICY = new DeliveryPolicy(
            List.of(Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ofHours(1)), 0.2, Duration.ofDays(3));
    private static final Instant NOW = minute(0);
    private static final Receiver WELL = new Receiver(0, minute(-1));

    private static Outcome answered(int status) {
        return new Outcome(status, null, null);
    }

    private static Verdict after(Outcome outcome, int attempts, Receiver receiver) {
        return POLICY.after(outcome, new Message(attempts, NOW), receiver, NOW, 0);
    }

    private static Instant next(Outcome outcome, int attempts) {
        return ((Verdict.Again) after(outcome, attempts, WELL)).at();
    }

    private static @Nullable Instant rest(int failures) {
        return ((Verdict.Again) after(answered(500), 0, new Receiver(failures, null))).receiverRestsUntil();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 204, 299})
    void a2xxIsDelivered(int status) {
        assertThat(after(answered(status), 0, WELL)).isEqualTo(new Verdict.Delivered(false));
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 301, 302, 307, 308, 400, 401, 404, 408, 429, 500, 503})
    void anythingElseIsTriedAgain(int status) {
        assertThat(after(answered(status), 0, WELL)).isEqualTo(new Verdict.Again(NOW.plusSeconds(5), null));
    }

    @Test
    void soIsWhatWasNotReached() {
        assertThat(after(new Outcome(null, null, "TIMEOUT"), 0, WELL))
                .isEqualTo(new Verdict.Again(NOW.plusSeconds(5), null));
    }

    @Test
    void pausesGrowAndTheLastOneIsRepeated() {
        assertThat(next(answered(500), 0)).isEqualTo(NOW.plusSeconds(5));
        assertThat(next(answered(500), 1)).isEqualTo(NOW.plus(Duration.ofMinutes(1)));
        assertThat(next(answered(500), 2)).isEqualTo(NOW.plus(Duration.ofHours(1)));
        assertThat(next(answered(500), 99)).isEqualTo(NOW.plus(Duration.ofHours(1)));
    }

    @Test
    void chanceLengthensAPauseByNoMoreThanItsShare() {
        Verdict.Again again = (Verdict.Again) POLICY.after(answered(500), new Message(1, NOW), WELL, NOW, 1);
        assertThat(again.at()).isEqualTo(NOW.plusSeconds(72));
    }

    @Test
    void goneDisablesAtOnce() {
        assertThat(after(answered(410), 0, WELL)).isInstanceOf(Verdict.Disabled.class);
    }

    @Test
    void whatTheReceiverAsksForIsRespected() {
        Outcome busy = new Outcome(429, Duration.ofMinutes(10), null);
        assertThat(after(busy, 0, WELL))
                .isEqualTo(new Verdict.Again(NOW.plus(Duration.ofMinutes(10)), NOW.plus(Duration.ofMinutes(10))));
        assertThat(next(new Outcome(503, Duration.ofMinutes(10), null), 0)).isEqualTo(NOW.plus(Duration.ofMinutes(10)));
    }

    @Test
    void butNotForLongerThanADayNorShorterThanThePauseNorForWhatIsNoWish() {
        assertThat(next(new Outcome(429, Duration.ofDays(30), null), 0)).isEqualTo(NOW.plus(Duration.ofDays(1)));
        assertThat(next(new Outcome(429, Duration.ofSeconds(1), null), 1)).isEqualTo(NOW.plus(Duration.ofMinutes(1)));
        assertThat(next(new Outcome(429, Duration.ofSeconds(-9), null), 0)).isEqualTo(NOW.plusSeconds(5));
        assertThat(next(new Outcome(400, Duration.ofMinutes(10), null), 0)).isEqualTo(NOW.plusSeconds(5));
    }

    @Test
    void whoFailsWhateverIsSentRestsLongerAndLonger() {
        assertThat(rest(0)).isNull();
        assertThat(rest(3)).isNull();
        assertThat(rest(4)).isEqualTo(NOW.plusSeconds(2));
        assertThat(rest(5)).isEqualTo(NOW.plusSeconds(4));
        assertThat(rest(50)).isEqualTo(NOW.plus(Duration.ofMinutes(5)));
        assertThat(rest(Integer.MAX_VALUE - 1)).isEqualTo(NOW.plus(Duration.ofMinutes(5)));
    }

    @Test
    void whoIsBackIsToldWhatWaited() {
        assertThat(after(answered(200), 3, new Receiver(DeliveryPolicy.RECEIVER_IS_AWAY, null)))
                .isEqualTo(new Verdict.Delivered(true));
    }

    @Test
    void aMessageThatFailsForDaysIsLeftWhereOthersGetThrough() {
        Message old = new Message(20, NOW.minus(Duration.ofDays(3)));
        assertThat(POLICY.after(answered(400), old, new Receiver(1, NOW.minusSeconds(60)), NOW, 0))
                .isEqualTo(new Verdict.GivenUp());
    }

    @Test
    void whereNothingGetsThroughForDaysTheSubscriptionIsDisabledAndSaysWhy() {
        Message old = new Message(20, NOW.minus(Duration.ofDays(3)));
        for (Receiver receiver : List.of(new Receiver(40, null), new Receiver(40, NOW.minus(Duration.ofDays(4))))) {
            assertThat(POLICY.after(answered(500), old, receiver, NOW, 0))
                    .isInstanceOfSatisfying(Verdict.Disabled.class, disabled -> assertThat(disabled.because())
                            .contains("answered 500")
                            .contains(old.firstAttemptAt().toString()));
        }
        assertThat(POLICY.after(new Outcome(null, null, "TIMEOUT"), old, new Receiver(40, null), NOW, 0))
                .isInstanceOfSatisfying(Verdict.Disabled.class, disabled -> assertThat(disabled.because())
                        .contains("not reached (TIMEOUT)"));
    }

    @Test
    void butNotAMomentEarlier() {
        Message almost = new Message(20, NOW.minus(Duration.ofDays(3)).plusMillis(1));
        assertThat(POLICY.after(answered(500), almost, new Receiver(40, null), NOW, 0))
                .isInstanceOf(Verdict.Again.class);
    }

    @Test
    void aPolicyWithoutAPauseIsNone() {
        assertThatThrownBy(() -> new DeliveryPolicy(List.of(), 0, Duration.ofDays(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DeliveryPolicy(List.of(Duration.ofDays(1)), 1.1, Duration.ofDays(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
