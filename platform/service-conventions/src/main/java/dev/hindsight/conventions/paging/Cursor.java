package dev.hindsight.conventions.paging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hindsight.contract.refusal.Invalid;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * Where the next page begins: the sort values of the last row. Opaque to clients (base64url), and validated when it comes
 * back: garbage is a 400 with the code INVALID_CURSOR.
 */
public record Cursor(List<String> values) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int MAX_LENGTH = 2_000;

    public Cursor {
        values = List.copyOf(values);
    }

    public static Cursor of(Object... values) {
        return new Cursor(Arrays.stream(values).map(Object::toString).toList());
    }

    /** @param size how many sort values the list has */
    public static Cursor parse(String cursor, int size) {
        if (cursor.length() > MAX_LENGTH) {
            throw invalid();
        }
        try {
            String[] values = JSON.readValue(Base64.getUrlDecoder().decode(cursor), String[].class);
            if (values == null || values.length != size || Arrays.asList(values).contains(null)) {
                throw invalid();
            }
            return of((Object[]) values);
        } catch (IllegalArgumentException | IOException e) {
            throw invalid();
        }
    }

    public String encode() {
        try {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(JSON.writeValueAsBytes(values));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    public String text(int index) {
        return values.get(index);
    }

    public Instant instant(int index) {
        try {
            return Instant.parse(values.get(index));
        } catch (DateTimeException e) {
            throw invalid();
        }
    }

    public UUID uuid(int index) {
        try {
            return UUID.fromString(values.get(index));
        } catch (IllegalArgumentException e) {
            throw invalid();
        }
    }

    public long number(int index) {
        try {
            return Long.parseLong(values.get(index));
        } catch (NumberFormatException e) {
            throw invalid();
        }
    }

    private static Invalid invalid() {
        return Invalid.field(
                "cursor", "INVALID_CURSOR", "cursor must be the next of an earlier page of the same list.");
    }
}
