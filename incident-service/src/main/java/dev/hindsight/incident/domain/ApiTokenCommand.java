package dev.hindsight.incident.domain;

import java.time.Instant;

/** Everything that can be asked of an API token. */
public sealed interface ApiTokenCommand {

    /**
     * Lets a machine in.
     *
     * @param role the highest of the four roles that it gets
     * @param secretSha256 64 hex digits
     * @param now the moment of the request, which {@code expiresAt} is judged by
     */
    record Issue(String name, String role, String secretSha256, Instant expiresAt, Instant now)
            implements ApiTokenCommand {}

    /** Locks it out, for ever. Revoking a revoked one changes nothing. */
    record Revoke() implements ApiTokenCommand {}
}
