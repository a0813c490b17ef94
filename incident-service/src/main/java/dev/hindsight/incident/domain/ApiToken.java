package dev.hindsight.incident.domain;

import dev.hindsight.contract.AccessEvent;
import dev.hindsight.contract.AccessEvent.ApiTokenIssued;
import dev.hindsight.contract.AccessEvent.ApiTokenRevoked;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.refusal.Invalid;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A machine's permission to come in, for a time. */
public sealed interface ApiToken {

    /** Longer than this ahead no token expires: what is forgotten ends by itself. */
    Duration LONGEST = Duration.ofDays(366);

    ApiToken UNKNOWN = new Unknown();

    /** Nothing is known of it. */
    record Unknown() implements ApiToken {}

    /** It was issued; whether it has expired is a matter of the clock. */
    record Issued(String name, String role, String secretSha256, String issuedBy, Instant issuedAt, Instant expiresAt)
            implements ApiToken {}

    /** Nobody comes in with it any more. */
    record Revoked(Issued was, Instant revokedAt) implements ApiToken {}

    /**
     * What the command changes.
     *
     * @throws Invalid where it would expire in the past, or later than {@link #LONGEST} from now
     */
    static List<AccessEvent> decide(ApiToken token, ApiTokenCommand command) {
        return switch (command) {
            case ApiTokenCommand.Issue(String name, String role, String sha256, Instant expiresAt, Instant now) -> {
                if (!expiresAt.isAfter(now)) {
                    throw Invalid.field("expiresAt", "IN_THE_PAST", "expiresAt must be in the future.");
                }
                if (expiresAt.isAfter(now.plus(LONGEST))) {
                    throw Invalid.field(
                            "expiresAt",
                            "TOO_FAR_AHEAD",
                            "expiresAt must be at most " + LONGEST.toDays() + " days from now.");
                }
                yield List.of(new ApiTokenIssued(name, role, sha256, expiresAt));
            }
            case ApiTokenCommand.Revoke() ->
                token instanceof Issued issued ? List.of(new ApiTokenRevoked(issued.name())) : List.of();
        };
    }

    static ApiToken evolve(ApiToken token, Recorded<AccessEvent> fact) {
        return switch (fact.event()) {
            case ApiTokenIssued(String name, String role, String sha256, Instant expiresAt) ->
                new Issued(
                        name, role, sha256, fact.header().actor(), fact.header().occurredAt(), expiresAt);
            case ApiTokenRevoked revoked ->
                token instanceof Issued issued
                        ? new Revoked(issued, fact.header().occurredAt())
                        : token;
        };
    }
}
