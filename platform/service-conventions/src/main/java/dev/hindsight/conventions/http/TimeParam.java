package dev.hindsight.conventions.http;

import dev.hindsight.contract.refusal.Invalid;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Times in query parameters: RFC 3339 instants, or UTC dates, which mean the day's first moment. */
public final class TimeParam {

    private TimeParam() {}

    /** Null where it was not given. */
    public static @Nullable Instant parse(String name, @Nullable String value) {
        if (value == null) {
            return null;
        }
        try {
            return value.length() == 10
                    ? LocalDate.parse(value).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(value).toInstant();
        } catch (DateTimeException e) {
            throw Invalid.field(
                    name,
                    "INVALID_TIME",
                    name + " must be an RFC 3339 time such as 2026-11-21T14:05:00Z, or a UTC date such as 2026-11-21.");
        }
    }
}
