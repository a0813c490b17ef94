package dev.hindsight.eventstore.consume;

import org.jspecify.annotations.Nullable;

/** What came of somebody's wish to retry or discard a parked event. */
public sealed interface Settling {

    /** No event is parked under that id, and none was. */
    record NotThere() implements Settling {}

    /** Somebody was faster; nothing changed. */
    record AlreadySettled(ParkedEvent event) implements Settling {}

    /** It stays parked, or may not be discarded. {@code code} is for programs, {@code detail} for people. */
    record Refused(String code, String detail) implements Settling {}

    /**
     * It is settled.
     *
     * @param appliedAfterwards how many later events of its stream were applied because of it
     * @param nowParkedAt the next one of the stream that somebody has to look at; null where there is none
     */
    record Settled(
            ParkedEvent event,
            long appliedAfterwards,
            @Nullable ParkedEvent nowParkedAt) implements Settling {}
}
