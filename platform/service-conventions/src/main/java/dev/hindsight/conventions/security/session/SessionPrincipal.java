package dev.hindsight.conventions.security.session;

import java.security.Principal;

/**
 * A person whose browser comes with the cookie of a {@link Session}.
 *
 * @param subject as in a token
 */
public record SessionPrincipal(String subject) implements Principal {

    @Override
    public String getName() {
        return subject;
    }
}
