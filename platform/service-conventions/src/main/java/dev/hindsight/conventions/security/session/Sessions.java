package dev.hindsight.conventions.security.session;

import dev.hindsight.conventions.HindsightConfig;
import dev.hindsight.conventions.security.DerivedKeys;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.NewCookie;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwe.ContentEncryptionAlgorithmIdentifiers;
import org.jose4j.jwe.JsonWebEncryption;
import org.jose4j.jwe.KeyManagementAlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.lang.JoseException;

/**
 * Seals sessions into cookies and opens them again: an encrypted JWT (AES-256-GCM, RFC 7516), so that nobody can read, change
 * or make one without the key. Only where a static public key vouches for tokens: a provider has sessions of its own.
 */
@ApplicationScoped
public class Sessions {

    /** Name of the cookie. */
    public static final String COOKIE = "hindsight_session";

    private static final Logger LOG = Logger.getLogger(Sessions.class);
    private static final String PURPOSE = "hindsight session cookie v1";

    private final DerivedKeys keys;
    private final boolean accepted;
    private final boolean https;
    private final Clock clock;

    Sessions(
            DerivedKeys keys,
            HindsightConfig config,
            Clock clock,
            @ConfigProperty(name = "quarkus.oidc.public-key") Optional<String> publicKey) {
        this.keys = keys;
        this.accepted = publicKey.isPresent() && keys.exist();
        this.https = isHttps(config);
        this.clock = clock;
    }

    /** Whether clients come over https, also where a proxy before us speaks it: then cookies are Secure. */
    static boolean isHttps(HindsightConfig config) {
        return config.publicUrl().map(url -> "https".equals(url.getScheme())).orElse(false);
    }

    /** The cookie of a session. */
    public NewCookie cookie(Session session, RoutingContext request) {
        return cookie(seal(session), session.expiresAt(), request);
    }

    /** Takes the cookie away. */
    public NewCookie noCookie(RoutingContext request) {
        return cookie("", Instant.EPOCH, request);
    }

    private NewCookie cookie(String value, Instant expiresAt, RoutingContext request) {
        long age = Math.max(0, Duration.between(clock.instant(), expiresAt).toSeconds());
        return new NewCookie.Builder(COOKIE)
                .value(value)
                .path("/")
                .httpOnly(true)
                .secure(https || request.request().isSSL())
                .sameSite(NewCookie.SameSite.LAX)
                .maxAge((int) age)
                .build();
    }

    String seal(Session session) {
        JwtClaims claims = new JwtClaims();
        claims.setSubject(session.subject());
        claims.setStringClaim("name", session.name());
        claims.setStringListClaim("groups", List.copyOf(session.roles()));
        claims.setExpirationTime(
                NumericDate.fromMilliseconds(session.expiresAt().toEpochMilli()));
        claims.setAudience(PURPOSE);
        JsonWebEncryption sealed = new JsonWebEncryption();
        sealed.setAlgorithmHeaderValue(KeyManagementAlgorithmIdentifiers.DIRECT);
        sealed.setEncryptionMethodHeaderParameter(ContentEncryptionAlgorithmIdentifiers.AES_256_GCM);
        sealed.setKey(keys.key(PURPOSE));
        sealed.setPayload(claims.toJson());
        try {
            return sealed.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Empty where it is forged, damaged, expired, or not accepted in this installation. */
    Optional<Session> open(String cookie) {
        if (!accepted) {
            return Optional.empty();
        }
        try {
            JwtClaims claims = new JwtConsumerBuilder()
                    .setDecryptionKey(keys.key(PURPOSE))
                    .setDisableRequireSignature()
                    .setEnableRequireEncryption()
                    .setJweAlgorithmConstraints(
                            new AlgorithmConstraints(ConstraintType.PERMIT, KeyManagementAlgorithmIdentifiers.DIRECT))
                    .setJweContentEncryptionAlgorithmConstraints(new AlgorithmConstraints(
                            ConstraintType.PERMIT, ContentEncryptionAlgorithmIdentifiers.AES_256_GCM))
                    .setEvaluationTime(NumericDate.fromMilliseconds(clock.millis()))
                    .setRequireExpirationTime()
                    .setRequireSubject()
                    .setExpectedAudience(PURPOSE)
                    .build()
                    .processToClaims(cookie);
            return Optional.of(new Session(
                    claims.getSubject(),
                    claims.getStringClaimValue("name"),
                    Set.copyOf(claims.getStringListClaimValue("groups")),
                    Instant.ofEpochSecond(claims.getExpirationTime().getValue())));
        } catch (InvalidJwtException | MalformedClaimException e) {
            LOG.debug("a session cookie was refused", e);
            return Optional.empty();
        }
    }
}
