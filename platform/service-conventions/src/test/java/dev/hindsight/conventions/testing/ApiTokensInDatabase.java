package dev.hindsight.conventions.testing;

import dev.hindsight.conventions.security.token.ApiTokenSecret;
import dev.hindsight.local.Backends;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Values of the Authorization header: API tokens as the projection would have left them in this service's database. */
final class ApiTokensInDatabase {

    private static final Map<String, String> VALID = new ConcurrentHashMap<>();

    private ApiTokensInDatabase() {}

    static String valid(String role) {
        return VALID.computeIfAbsent(
                System.getProperty(HindsightBackends.DATABASE) + role,
                key -> written(role, Instant.now().plus(Duration.ofHours(1)), null));
    }

    static String expired() {
        return written("admin", Instant.now().minusSeconds(1), null);
    }

    static String revoked() {
        return written("admin", Instant.now().plus(Duration.ofHours(1)), Instant.now());
    }

    static String unknown() {
        return "Bearer " + ApiTokenSecret.generate().reveal();
    }

    static String mistyped() {
        String good = valid("viewer");
        return good.substring(0, good.length() - 1) + (good.endsWith("0") ? '1' : '0');
    }

    private static String written(String role, Instant expiresAt, @Nullable Instant revokedAt) {
        ApiTokenSecret secret = ApiTokenSecret.generate();
        try (Connection connection =
                        Backends.forTests().postgres().connect(System.getProperty(HindsightBackends.DATABASE));
                PreparedStatement insert = connection.prepareStatement(
                        "insert into api_token (id, name, role, secret_sha256, created_by, created_at, expires_at, revoked_at,"
                                + " version) values (?, 'of a test', ?, ?, 'a test', now(), ?, ?, 1)")) {
            insert.setObject(1, UUID.randomUUID());
            insert.setString(2, role);
            insert.setBytes(3, HexFormat.of().parseHex(secret.sha256()));
            insert.setTimestamp(4, Timestamp.from(expiresAt));
            insert.setTimestamp(5, revokedAt == null ? null : Timestamp.from(revokedAt));
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return "Bearer " + secret.reveal();
    }
}
