package dev.hindsight.conventions.security.session;

import dev.hindsight.conventions.security.DisplayName;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.quarkus.vertx.http.runtime.security.HttpCredentialTransport;
import io.quarkus.vertx.http.runtime.security.HttpSecurityUtils;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.Cookie;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;

/** The cookie that a login link set. One that is forged or expired is no cookie: its browser is asked to sign in. */
@ApplicationScoped
public class SessionAuthentication implements HttpAuthenticationMechanism {

    private static final int BEFORE_OIDC = DEFAULT_PRIORITY + 500;

    private final Sessions sessions;

    SessionAuthentication(Sessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext request, IdentityProviderManager providers) {
        if (!PageRequest.isOne(request)) {
            return Uni.createFrom().nullItem();
        }
        Cookie cookie = request.request().getCookie(Sessions.COOKIE);
        return cookie == null
                ? Uni.createFrom().nullItem()
                : sessions.open(cookie.getValue())
                        .map(session -> providers.authenticate(
                                HttpSecurityUtils.setRoutingContextAttribute(new SessionCredential(session), request)))
                        .orElseGet(() -> Uni.createFrom().nullItem());
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext request) {
        return Uni.createFrom().nullItem();
    }

    @Override
    public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
        return Set.of(SessionCredential.class);
    }

    @Override
    public Uni<HttpCredentialTransport> getCredentialTransport(RoutingContext request) {
        return Uni.createFrom().item(new HttpCredentialTransport(HttpCredentialTransport.Type.COOKIE, Sessions.COOKIE));
    }

    @Override
    public int getPriority() {
        return BEFORE_OIDC;
    }

    /** Says who it is. */
    @ApplicationScoped
    public static class Holder implements IdentityProvider<SessionCredential> {

        @Override
        public Class<SessionCredential> getRequestType() {
            return SessionCredential.class;
        }

        @Override
        public Uni<SecurityIdentity> authenticate(SessionCredential credential, AuthenticationRequestContext context) {
            Session session = credential.session();
            return Uni.createFrom()
                    .item(QuarkusSecurityIdentity.builder()
                            .setPrincipal(new SessionPrincipal(session.subject()))
                            .addRoles(session.roles())
                            .addAttribute(DisplayName.ATTRIBUTE, session.name())
                            .build());
        }
    }
}
