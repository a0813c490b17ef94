package dev.hindsight.contract;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.time.Instant;

/**
 * The streams of the machines that may come in, one for each API token (topic {@code incident-events}, key: the stream).
 * Every service grows the same view of them, so that one token is valid, and one revocation enough, everywhere.
 */
public sealed interface AccessEvent extends DomainEvent {

    /**
     * A machine may come in from now on.
     *
     * @param role the highest of the four roles that it has: viewer, responder, editor or admin
     * @param secretSha256 64 lower-case hex digits; the secret itself, 256 random bits, is shown once and stored nowhere
     * @param expiresAt from then on it is refused
     */
    @JsonTypeName("hindsight.access.api-token-issued.v1")
    record ApiTokenIssued(String name, String role, String secretSha256, Instant expiresAt) implements AccessEvent {}

    /** The token is refused from now on, for ever. */
    @JsonTypeName("hindsight.access.api-token-revoked.v1")
    record ApiTokenRevoked(String name) implements AccessEvent {}
}
