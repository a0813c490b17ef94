package dev.hindsight.conventions;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Settings that every service has. A {@code hindsight.…} key that neither this nor another mapping knows fails the start. */
@ConfigMapping(prefix = "hindsight")
public interface HindsightConfig {

    /** Where clients reach this installation, such as {@code https://hindsight.example.org}; for links in answers. */
    Optional<URI> publicUrl();

    /** 32 bytes, base64: the key that stored secrets are encrypted with, and that the keys of cookies follow from. */
    Optional<String> encryptionKey();

    /** Where a browser reaches the incident-service, for links between the pages of the services; the public URL by default. */
    @WithDefault("${hindsight.public-url:http://127.0.0.1:8081}")
    URI incidentUrl();

    /** Where a browser reaches the postmortem-service. */
    @WithDefault("http://127.0.0.1:8082")
    URI postmortemUrl();

    /** Where a browser reaches the action-item-service. */
    @WithDefault("http://127.0.0.1:8083")
    URI actionItemUrl();

    /** Where a browser reaches the metrics-service. */
    @WithDefault("http://127.0.0.1:8084")
    URI metricsUrl();

    /** The OIDC provider; the keys that Quarkus itself reads are in {@code microprofile-config.properties}. */
    Oidc oidc();

    /** The OIDC provider. */
    interface Oidc {

        /** Where its discovery document is, such as {@code https://id.example.org/realms/main}. */
        Optional<String> authServerUrl();

        /** Instead of a provider: the RSA public key of the one that signs tokens, as on the local stack. */
        Optional<String> publicKey();

        /** The {@code iss} that tokens must have; with a provider, its own by default. */
        Optional<String> issuer();

        /** The {@code aud} that bearer tokens must have. */
        @WithDefault("hindsight")
        String audience();

        /** Where in the access token the roles are, such as {@code realm_access/roles}. */
        @WithDefault("groups")
        String roleClaim();

        /** Lets people sign in with a browser as this client of the provider; without it only bearer tokens come in. */
        Optional<String> clientId();

        /** Of a confidential client; a public one has none. */
        Optional<String> clientSecret();

        /** Asked for at sign-in, beside {@code openid}. */
        @WithDefault("profile")
        List<String> scopes();
    }

    /** Limits of requests. */
    Http http();

    /** Limits of requests. */
    interface Http {

        /** Larger bodies are refused with 413. */
        @WithDefault("1M")
        MemorySize maxBody();

        /** Paths whose bodies are streamed, and may be of any size; below {@code quarkus.http.limits.max-body-size}. */
        @WithDefault("/api/v1/incidents/imports")
        List<String> streamedPaths();
    }
}
