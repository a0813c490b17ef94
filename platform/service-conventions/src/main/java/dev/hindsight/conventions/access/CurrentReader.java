package dev.hindsight.conventions.access;

import dev.hindsight.conventions.security.Roles;
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

    /** Only a token that an identity provider vouches for makes a person: an API token is a machine, whatever its name. */
    public Reader get() {
        if (identity.isAnonymous()) {
            throw new UnauthorizedException();
        }
        Reader.Person person = identity.getPrincipal() instanceof JsonWebToken token && token.getSubject() != null
                ? new Reader.Person(token.getSubject())
                : null;
        if (identity.hasRole(Roles.ADMIN)) {
            return new Reader.Admin(person);
        }
        return person != null ? person : new Reader.Machine();
    }
}
