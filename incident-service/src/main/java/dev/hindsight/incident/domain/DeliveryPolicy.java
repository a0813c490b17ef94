package dev.hindsight.incident.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What follows from an attempt to deliver a webhook. Each message is tried again after growing pauses; meanwhile the later ones
 * of its incident wait, and those of other incidents do not. Who fails whatever is sent is spared: after a few failures in a row
 * one message at a time asks whether it is there again, more and more seldom. What could not be delivered for days is
 * given up where others were delivered meanwhile, so that one message holds its incident up for so long and no longer; where none
 * was, the subscription is disabled.
 *
 * @param pauses before the second attempt, the third …; the last one is repeated
 * @param jitter share of a pause by which chance may lengthen it, so that not all come back at once
 * @param giveUpAfter how long after its first attempt a message is given up
 */
public record DeliveryPolicy(List<Duration> pauses, double jitter, Duration giveUpAfter) {

    /** So many failures in a row, and it is the receiver rather than a message. */
    public static final int RECEIVER_IS_AWAY = 5;

    private static final int TOO_MANY_REQUESTS = 429;
    private static final int GONE = 410;
    private static final Duration FIRST_REST = Duration.ofSeconds(2);
    private static final Duration LONGEST_REST = Duration.ofMinutes(5);
    private static final Duration LONGEST_WISH = Duration.ofDays(1);

    public DeliveryPolicy {
        if (pauses.isEmpty() || jitter < 0 || jitter > 1) {
            throw new IllegalArgumentException("there must be a pause, and the jitter must be from 0 to 1");
        }
        pauses = List.copyOf(pauses);
    }

    /**
     * What came of an attempt.
     *
     * @param status as the receiver answered; null where it did not
     * @param retryAfter how long it asks to be left alone; null where it does not
     * @param error what went wrong where there is no status, as a code; null otherwise
     */
    public record Outcome(
            @Nullable Integer status,
            @Nullable Duration retryAfter,
            @Nullable String error) {

        public boolean isDelivered() {
            return status != null && status >= 200 && status < 300;
        }

        /** In words. */
        public String said() {
            return status == null ? "not reached (" + error + ")" : "answered " + status;
        }
    }

    /**
     * The message, before this attempt.
     *
     * @param attempts that it took so far
     * @param firstAttemptAt when the first of them, or this one, began
     */
    public record Message(int attempts, Instant firstAttemptAt) {}

    /**
     * The subscription, before this attempt.
     *
     * @param failures in a row, whatever the incident
     * @param lastSuccessAt null where nothing was ever delivered
     */
    public record Receiver(int failures, @Nullable Instant lastSuccessAt) {}

    /** What is to be done. */
    public sealed interface Verdict {

        /**
         * The next message may go.
         *
         * @param isBack it had failed whatever was sent; what waits for its next attempt need not wait any longer
         */
        record Delivered(boolean isBack) implements Verdict {}

        /**
         * The message is tried again, and its incident waits until then.
         *
         * @param at no earlier than this
         * @param receiverRestsUntil nothing is sent to this receiver before; null where only this incident waits
         */
        record Again(Instant at, @Nullable Instant receiverRestsUntil) implements Verdict {}

        /** The message is left; the next one of its incident may go. */
        record GivenUp() implements Verdict {}

        /** Nothing is sent any more until somebody looks at it. @param because a sentence */
        record Disabled(String because) implements Verdict {}
    }

    /**
     * @param now when the attempt ended
     * @param chance from 0 to 1
     */
    public Verdict after(Outcome outcome, Message message, Receiver receiver, Instant now, double chance) {
        if (outcome.isDelivered()) {
            return new Verdict.Delivered(receiver.failures() >= RECEIVER_IS_AWAY);
        }
        if (outcome.status() != null && outcome.status() == GONE) {
            return new Verdict.Disabled("The receiver answered 410 Gone: it wants no more webhooks.");
        }
        if (!message.firstAttemptAt().plus(giveUpAfter).isAfter(now)) {
            boolean othersWere =
                    receiver.lastSuccessAt() != null && receiver.lastSuccessAt().isAfter(message.firstAttemptAt());
            return othersWere
                    ? new Verdict.GivenUp()
                    : new Verdict.Disabled("Nothing could be delivered since " + message.firstAttemptAt()
                            + "; last, the receiver was " + outcome.said() + '.');
        }
        int failures = receiver.failures() + 1;
        Instant rests = failures < RECEIVER_IS_AWAY ? null : now.plus(rest(failures - RECEIVER_IS_AWAY, chance));
        Instant at = now.plus(longer(pause(message.attempts()), chance));
        Duration wish = wish(outcome);
        if (wish != null) {
            Instant wished = now.plus(wish);
            at = later(at, wished);
            rests = later(wished, rests);
        }
        return new Verdict.Again(at, rests);
    }

    /** How long it asks to be left alone: of 429 and 503 it is the receiver's word, and not for longer than a day. */
    private static @Nullable Duration wish(Outcome outcome) {
        Duration asked = outcome.retryAfter();
        if (asked == null || asked.isNegative() || asked.isZero() || outcome.status() == null) {
            return null;
        }
        boolean counts = outcome.status() == TOO_MANY_REQUESTS || outcome.status() >= 500;
        return counts ? asked.compareTo(LONGEST_WISH) < 0 ? asked : LONGEST_WISH : null;
    }

    private Duration pause(int attempts) {
        return pauses.get(Math.min(attempts, pauses.size() - 1));
    }

    private Duration rest(int more, double chance) {
        Duration rest = FIRST_REST.multipliedBy(1L << Math.min(more, 10));
        return longer(rest.compareTo(LONGEST_REST) < 0 ? rest : LONGEST_REST, chance);
    }

    private Duration longer(Duration pause, double chance) {
        return pause.plusMillis(Math.round(pause.toMillis() * jitter * chance));
    }

    private static Instant later(Instant one, @Nullable Instant other) {
        return other == null || one.isAfter(other) ? one : other;
    }
}
