package dev.hindsight.incident.view;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.eventstore.InlineView;
import dev.hindsight.eventstore.Loaded;
import dev.hindsight.incident.domain.ApiToken;
import dev.hindsight.incident.domain.ApiToken.Issued;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The row of an API token, as {@code ApiTokenProjection} grows it in the other services. */
public final class ApiTokenRow {

    private final InlineView view;

    public ApiTokenRow(ObjectMapper json) {
        this.view = new InlineView(
                "api_token",
                "id",
                InlineView.columns(
                        "id",
                        "name",
                        "role",
                        "secret_sha256",
                        "created_by",
                        "created_at",
                        "expires_at",
                        "revoked_at",
                        "version"),
                json);
    }

    /** Where it is written. */
    public InlineView view() {
        return view;
    }

    /** The row, column by column; none of a token that was never issued. */
    public static List<Map<String, @Nullable Object>> rows(Loaded<ApiToken> loaded) {
        return switch (loaded.state()) {
            case ApiToken.Unknown unknown -> List.of();
            case Issued issued -> List.of(columns(loaded, issued, null));
            case ApiToken.Revoked(Issued was, Instant revokedAt) -> List.of(columns(loaded, was, revokedAt));
        };
    }

    private static Map<String, @Nullable Object> columns(
            Loaded<ApiToken> loaded, Issued token, @Nullable Instant revokedAt) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("id", loaded.streamId());
        row.put("name", token.name());
        row.put("role", token.role());
        // PostgreSQL's own text form of bytea.
        row.put("secret_sha256", "\\x" + token.secretSha256());
        row.put("created_by", token.issuedBy());
        row.put("created_at", token.issuedAt());
        row.put("expires_at", token.expiresAt());
        row.put("revoked_at", revokedAt);
        row.put("version", loaded.version());
        return row;
    }
}
