package dev.hindsight.postmortem.view;

import dev.hindsight.postmortem.domain.EntryKind;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a timeline, as the event of the same id tells it. Read from rows of the client itself: a timeline has hundreds, and
 * what an entity costs would be most of what reading it costs.
 *
 * @param aboutPerson whom its text is about; null where it is about nobody
 * @param aboutIncident which other incident its text is about; null where it is about none
 * @param pinned whether it is a key entry
 */
public record TimelineEntryView(
        UUID id,
        long sequence,
        EntryKind kind,
        Instant occurredAt,
        int sourceOrder,
        Instant recordedAt,
        String actor,
        String text,
        @Nullable UUID aboutPerson,
        @Nullable UUID aboutIncident,
        boolean pinned,
        String source,
        @Nullable UUID deliveryId,
        @Nullable String url) {

    static final String COLUMNS =
            "id, sequence, kind, occurred_at, source_order, recorded_at, actor, text, about_person, about_incident, is_key,"
                    + " source, delivery_id, url";

    /** @param row of {@link #COLUMNS}, which are read by their places: looking for each by its name costs as much as all else */
    static TimelineEntryView of(Row row) {
        return new TimelineEntryView(
                row.getUUID(0),
                row.getLong(1),
                EntryKind.valueOf(row.getString(2)),
                row.getOffsetDateTime(3).toInstant(),
                row.getInteger(4),
                row.getOffsetDateTime(5).toInstant(),
                row.getString(6),
                row.getString(7),
                row.getUUID(8),
                row.getUUID(9),
                row.getBoolean(10),
                row.getString(11),
                row.getUUID(12),
                row.getString(13));
    }
}
