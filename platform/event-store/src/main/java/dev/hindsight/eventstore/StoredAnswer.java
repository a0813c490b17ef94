package dev.hindsight.eventstore;

import org.jspecify.annotations.Nullable;

/**
 * The answer of a command as it goes to the client, and as it is kept for a repeated Idempotency-Key.
 *
 * @param status 200 or 201
 * @param etag version of the stream, unquoted
 * @param location of what was created
 * @param position {@code <stream>@<version>} for the Hindsight-Version header
 * @param body JSON
 */
public record StoredAnswer(
        int status,
        @Nullable String etag,
        @Nullable String location,
        @Nullable String position,
        byte[] body) {}
