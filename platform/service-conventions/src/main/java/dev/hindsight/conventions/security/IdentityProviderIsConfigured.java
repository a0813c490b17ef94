package dev.hindsight.conventions.security;

import dev.hindsight.conventions.HindsightConfig;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Exactly one vouches for tokens, and says under which name: without any, Quarkus itself refuses to start. */
@ApplicationScoped
public class IdentityProviderIsConfigured {

    private static final int FIRST = 1;

    private final Optional<String> provider;
    private final Optional<String> publicKey;
    private final Optional<String> issuer;
    private final HindsightConfig config;

    IdentityProviderIsConfigured(
            @ConfigProperty(name = "quarkus.oidc.auth-server-url") Optional<String> provider,
            @ConfigProperty(name = "quarkus.oidc.public-key") Optional<String> publicKey,
            @ConfigProperty(name = "quarkus.oidc.token.issuer") Optional<String> issuer,
            HindsightConfig config) {
        this.provider = provider;
        this.publicKey = publicKey;
        this.issuer = issuer;
        this.config = config;
    }

    void check(@Observes @Priority(FIRST) StartupEvent start) {
        if (provider.isPresent() && publicKey.isPresent()) {
            throw new IllegalStateException(
                    "Set either HINDSIGHT_OIDC_AUTH_SERVER_URL (your OIDC provider) or HINDSIGHT_OIDC_PUBLIC_KEY (the local stack's"
                            + " key), and not both.");
        }
        if (publicKey.isPresent() && issuer.isEmpty()) {
            throw new IllegalStateException("HINDSIGHT_OIDC_PUBLIC_KEY needs HINDSIGHT_OIDC_ISSUER beside it.");
        }
        if (config.oidc().clientId().isPresent()
                && (provider.isEmpty() || config.encryptionKey().isEmpty())) {
            throw new IllegalStateException(
                    "HINDSIGHT_OIDC_CLIENT_ID (sign-in with a browser) needs HINDSIGHT_OIDC_AUTH_SERVER_URL and"
                            + " HINDSIGHT_ENCRYPTION_KEY beside it.");
        }
    }
}
