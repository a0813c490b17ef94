package dev.hindsight.conventions.security.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * Who a browser speaks for, and until when; it stands in the cookie and nowhere else.
 *
 * @param subject as in a token
 * @param name what people call them
 */
public record Session(String subject, String name, Set<String> roles, Instant expiresAt) {

    /** How long one lasts. */
    public static final Duration LENGTH = Duration.ofHours(12);

    public Session {
        roles = Set.copyOf(roles);
    }
}
