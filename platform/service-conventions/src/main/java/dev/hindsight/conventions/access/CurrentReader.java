package dev.hindsight.conventions.access;

import dev.hindsight.conventions.security.Roles;
import dev.hindsight.conventions.security.session.SessionPrincipal;
import io.quarkus.security.UnauthorizedException;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.RequestScoped;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** Who reads in the present request. Ask for it in the resource method, and hand the {@link Reader} on. */
@RequestScoped
public class CurrentReader {

    private final SecurityIdentity identity;

    CurrentReader(SecurityIdentity identity) {
        this.identity = identity;
    }

    /**
     * A token that an identity provider vouches for makes a person, and so does the session that such a token, or a login
     * link, began: an API token is a machine, whatever its name.
     */
    public Reader get() {
        if (identity.isAnonymous()) {
            throw new UnauthorizedException();
        }
        String subject =
                switch (identity.getPrincipal()) {
                    case JsonWebToken token -> token.getSubject();
                    case SessionPrincipal session -> session.getName();
                    default -> null;
                };
        Reader.Person person = subject == null ? null : new Reader.Person(subject);
        if (identity.hasRole(Roles.ADMIN)) {
            return new Reader.Admin(person);
        }
        return person != null ? person : new Reader.Machine();
    }
}
