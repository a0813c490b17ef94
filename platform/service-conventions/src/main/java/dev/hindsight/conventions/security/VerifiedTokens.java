package dev.hindsight.conventions.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.hindsight.conventions.security.token.ApiTokenSecret;
import io.quarkus.oidc.runtime.OidcAuthenticationMechanism;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.quarkus.vertx.http.runtime.security.HttpCredentialTransport;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Set;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/**
 * Remembers whom a bearer token of the OIDC provider was found to belong to, for a minute and never beyond its expiry: a
 * portal sends the same token with every call, and verifying it was a quarter of what a command costs. Every check is
 * OIDC's; a refusal is never remembered. A key that the provider withdraws is therefore honoured for a minute more.
 */
@ApplicationScoped
public class VerifiedTokens implements HttpAuthenticationMechanism {

    private static final int BEFORE_OIDC = DEFAULT_PRIORITY + 900;
    private static final Duration REMEMBERED = Duration.ofMinutes(1);
    private static final int MOST = 10_000;

    private final OidcAuthenticationMechanism oidc;
    private final Clock clock;

    /** By digest: a heap dump holds no token that is good. */
    private final Cache<String, Verified> verified;

    VerifiedTokens(OidcAuthenticationMechanism oidc, Clock clock) {
        this.oidc = oidc;
        this.clock = clock;
        this.verified = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfter(Expiry.creating((String digest, Verified token) -> REMEMBERED))
                .build();
    }

    private record Verified(SecurityIdentity identity, Instant expiry) {}

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext request, IdentityProviderManager providers) {
        String token = BearerHeader.credential(request);
        if (token == null || token.startsWith(ApiTokenSecret.PREFIX)) {
            return Uni.createFrom().nullItem();
        }
        String digest = sha256(token);
        Verified known = verified.getIfPresent(digest);
        if (known != null && clock.instant().isBefore(known.expiry())) {
            return Uni.createFrom().item(known.identity());
        }
        return oidc.authenticate(request, providers).invoke(identity -> remember(digest, identity));
    }

    /** Who it is and what they may do; not what OIDC keeps of the one request that it was verified for. */
    private void remember(String digest, @Nullable SecurityIdentity identity) {
        if (identity != null
                && identity.getPrincipal() instanceof JsonWebToken token
                && token.getExpirationTime() > 0) {
            verified.put(
                    digest,
                    new Verified(
                            QuarkusSecurityIdentity.builder()
                                    .setPrincipal(identity.getPrincipal())
                                    .addAttribute(DisplayName.ATTRIBUTE, DisplayName.of(identity))
                                    .addRoles(identity.getRoles())
                                    .build(),
                            Instant.ofEpochSecond(token.getExpirationTime())));
        }
    }

    /** OIDC's own mechanism challenges. */
    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext request) {
        return Uni.createFrom().nullItem();
    }

    /** None beside those of OIDC's own mechanism. */
    @Override
    public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
        return Set.of();
    }

    @Override
    public Uni<HttpCredentialTransport> getCredentialTransport(RoutingContext request) {
        return Uni.createFrom()
                .item(new HttpCredentialTransport(HttpCredentialTransport.Type.OTHER_HEADER, "verified-token"));
    }

    @Override
    public int getPriority() {
        return BEFORE_OIDC;
    }

    private static String sha256(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
