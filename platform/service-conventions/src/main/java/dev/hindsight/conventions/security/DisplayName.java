package dev.hindsight.conventions.security;

import io.quarkus.security.identity.SecurityIdentity;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** What people call who asks. */
public final class DisplayName {

    /** Attribute of an identity that comes without a JWT, or whose claims were looked at before. */
    public static final String ATTRIBUTE = "hindsight.display-name";

    private DisplayName() {}

    /** What the identity was found to be called, else claim {@code name}, {@code preferred_username}, or the subject. */
    public static String of(SecurityIdentity identity) {
        if (identity.getAttribute(ATTRIBUTE) instanceof String name) {
            return name;
        }
        if (identity.getPrincipal() instanceof JsonWebToken token) {
            for (String claim : new String[] {"name", "preferred_username"}) {
                if (token.getClaim(claim) instanceof String name && !name.isBlank()) {
                    return name;
                }
            }
        }
        return identity.getPrincipal().getName();
    }
}
