package dev.hindsight.conventions.login;

import dev.hindsight.conventions.security.Roles;
import dev.hindsight.conventions.security.session.Session;
import io.smallrye.jwt.util.KeyUtils;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Links that sign in once. The holder of the private key (on the local stack, {@code deploy/token ROLE --link}) signs a JWT
 * for one service that is valid for minutes; its use is on record in the database before anybody is let in, so a second use
 * is refused whichever instance it meets. Only where a static public key vouches for tokens: with a provider there is no key
 * to check a link with.
 */
@ApplicationScoped
public class LoginLinks {

    /** Audience of a link for a service: never that of a bearer token, so that neither serves as the other. */
    public static final String AUDIENCE = "hindsight-login/";

    private static final Logger LOG = Logger.getLogger(LoginLinks.class);
    private static final int LONGEST_MINUTES = 10;

    private final Optional<PublicKey> key;
    private final Optional<String> issuer;
    private final String service;
    private final Pool pool;
    private final Clock clock;

    LoginLinks(
            @ConfigProperty(name = "quarkus.oidc.public-key") Optional<String> publicKey,
            @ConfigProperty(name = "quarkus.oidc.token.issuer") Optional<String> issuer,
            @ConfigProperty(name = "quarkus.application.name") String service,
            Pool pool,
            Clock clock) {
        this.key = publicKey.map(LoginLinks::read);
        this.issuer = issuer;
        this.service = service;
        this.pool = pool;
        this.clock = clock;
    }

    /** Whether this installation takes links at all. */
    public boolean areAccepted() {
        return key.isPresent();
    }

    /** The session that the link begins; null where it is not valid here and now, or was used before. */
    public Uni<@Nullable Session> use(String link) {
        JwtClaims claims = key.map(verifying -> verified(link, verifying)).orElse(null);
        if (claims == null) {
            return Uni.createFrom().nullItem();
        }
        Session session;
        UUID id;
        Instant expiresAt;
        try {
            Set<String> roles = new HashSet<>(claims.getStringListClaimValue("groups"));
            roles.retainAll(Roles.ALL);
            String name = claims.getStringClaimValue("name");
            session = new Session(
                    claims.getSubject(),
                    name == null ? claims.getSubject() : name,
                    roles,
                    clock.instant().plus(Session.LENGTH));
            id = UUID.fromString(claims.getJwtId());
            expiresAt = Instant.ofEpochSecond(claims.getExpirationTime().getValue());
        } catch (MalformedClaimException | IllegalArgumentException | NullPointerException e) {
            LOG.debug("a login link was refused", e);
            return Uni.createFrom().nullItem();
        }
        return pool.preparedQuery("""
                with forgotten as (delete from used_login_link where expires_at < now() - interval '1 day')
                insert into used_login_link (id, expires_at) values ($1, $2) on conflict (id) do nothing""")
                .execute(Tuple.of(id, expiresAt.atOffset(ZoneOffset.UTC)))
                .map(inserted -> {
                    if (inserted.rowCount() != 1) {
                        LOG.warnf("a login link for %s was used a second time, and refused", session.subject());
                        return null;
                    }
                    LOG.infof("%s signed in by a login link", session.subject());
                    return session;
                });
    }

    private @Nullable JwtClaims verified(String link, PublicKey verifying) {
        JwtConsumerBuilder builder = new JwtConsumerBuilder()
                .setVerificationKey(verifying)
                .setJwsAlgorithmConstraints(
                        new AlgorithmConstraints(ConstraintType.PERMIT, AlgorithmIdentifiers.RSA_USING_SHA256))
                .setEvaluationTime(NumericDate.fromMilliseconds(clock.millis()))
                .setRequireExpirationTime()
                .setMaxFutureValidityInMinutes(LONGEST_MINUTES)
                .setRequireSubject()
                .setRequireJwtId()
                .setExpectedAudience(AUDIENCE + service);
        issuer.ifPresent(builder::setExpectedIssuer);
        JwtConsumer consumer = builder.build();
        try {
            return consumer.processToClaims(link);
        } catch (InvalidJwtException e) {
            LOG.debug("a login link was refused", e);
            return null;
        }
    }

    private static PublicKey read(String text) {
        try {
            return KeyUtils.decodePublicKey(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HINDSIGHT_OIDC_PUBLIC_KEY is no RSA public key.", e);
        }
    }
}
