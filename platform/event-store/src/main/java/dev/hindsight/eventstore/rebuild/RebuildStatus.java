package dev.hindsight.eventstore.rebuild;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a rebuild is.
 *
 * @param eventsDone that were read
 * @param eventsTotal that there were to read when it was last looked; null before it is known. More may come meanwhile
 * @param streams that were begun
 * @param eventsPerSecond since its beginning, or over all of it
 * @param by whom: the subject of their token
 * @param failure why it failed; null unless it did
 */
public record RebuildStatus(
        String projection,
        RebuildState state,
        long eventsDone,
        @Nullable Long eventsTotal,
        long streams,
        double eventsPerSecond,
        Instant startedAt,
        @Nullable Instant finishedAt,
        String by,
        @Nullable String failure) {

    /** One that has just been asked for. */
    public static RebuildStatus begun(String projection, String by, Instant at) {
        return new RebuildStatus(projection, RebuildState.PREPARING, 0, null, 0, 0, at, null, by, null);
    }
}
