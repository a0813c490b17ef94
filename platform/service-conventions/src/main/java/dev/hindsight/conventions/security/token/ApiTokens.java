package dev.hindsight.conventions.security.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Finds the token behind a secret. What was found is remembered for two seconds: a revocation takes effect after the
 * projection's milliseconds and those two seconds at most. What was not found is never remembered, so that a new token is
 * valid at once.
 */
@ApplicationScoped
public class ApiTokens {

    private static final Duration REMEMBERED = Duration.ofSeconds(2);
    private static final int MOST = 10_000;

    private final Pool pool;
    private final Clock clock;
    private final Cache<String, ApiToken> recent =
            Caffeine.newBuilder().expireAfterWrite(REMEMBERED).maximumSize(MOST).build();

    ApiTokens(Pool pool, Clock clock) {
        this.pool = pool;
        this.clock = clock;
    }

    /** A token that is neither revoked nor, by the time that it was found, expired. */
    record ApiToken(UUID id, String name, String role, Instant expiresAt) {}

    /** Null where the secret is of no token that is valid now. */
    Uni<@Nullable ApiToken> valid(ApiTokenSecret secret) {
        String digest = secret.sha256();
        ApiToken known = recent.getIfPresent(digest);
        Uni<@Nullable ApiToken> found = known != null ? Uni.createFrom().item(known) : find(digest);
        return found.map(token -> token != null && clock.instant().isBefore(token.expiresAt()) ? token : null);
    }

    /** It was revoked here: from now on this instance refuses it. */
    public void forget(String sha256) {
        recent.invalidate(sha256);
    }

    private Uni<@Nullable ApiToken> find(String digest) {
        return pool.preparedQuery("select id, name, role, expires_at from api_token"
                        + " where secret_sha256 = $1 and revoked_at is null")
                .execute(Tuple.of(Buffer.buffer(HexFormat.of().parseHex(digest))))
                .map(rows -> {
                    if (!rows.iterator().hasNext()) {
                        return null;
                    }
                    Row row = rows.iterator().next();
                    ApiToken token = new ApiToken(
                            row.getUUID("id"),
                            row.getString("name"),
                            row.getString("role"),
                            row.getOffsetDateTime("expires_at").toInstant());
                    recent.put(digest, token);
                    return token;
                });
    }
}
