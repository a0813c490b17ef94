package dev.hindsight.conventions.security;

import io.quarkus.security.identity.SecurityIdentity;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** What people call who asks. */
public final class DisplayName {

    /** Attribute of an identity that comes without a JWT. */
    public static final String ATTRIBUTE = "hindsight.display-name";

    private DisplayName() {}

    /** Claim {@code name}, else {@code preferred_username}, else the name of the API token or session, else the subject. */
    public static String of(SecurityIdentity identity) {
        if (identity.getPrincipal() instanceof JsonWebToken token) {
            for (String claim : new String[] {"name", "preferred_username"}) {
                if (token.getClaim(claim) instanceof String name && !name.isBlank()) {
                    return name;
                }
            }
        }
        return identity.getAttribute(ATTRIBUTE) instanceof String name
                ? name
                : identity.getPrincipal().getName();
    }
}
