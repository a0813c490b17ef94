package dev.hindsight.conventions.security.token;

import dev.hindsight.conventions.security.BearerHeader;
import dev.hindsight.conventions.security.DisplayName;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.quarkus.vertx.http.runtime.security.HttpCredentialTransport;
import io.quarkus.vertx.http.runtime.security.HttpSecurityUtils;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;

/**
 * {@code Authorization: Bearer hst_…}. Looked at before the OIDC bearer, which gets every other token. The subject is
 * {@code api-token:<id>}; a revoked, expired, unknown or malformed token is refused with 401.
 */
@ApplicationScoped
public class ApiTokenAuthentication implements HttpAuthenticationMechanism {

    private static final int BEFORE_OIDC = DEFAULT_PRIORITY + 1_000;

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext request, IdentityProviderManager providers) {
        String text = BearerHeader.credential(request);
        return text == null || !text.startsWith(ApiTokenSecret.PREFIX)
                ? Uni.createFrom().nullItem()
                : providers.authenticate(
                        HttpSecurityUtils.setRoutingContextAttribute(new ApiTokenCredential(text), request));
    }

    /** The OIDC bearer's challenge is the same. */
    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext request) {
        return Uni.createFrom().nullItem();
    }

    @Override
    public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
        return Set.of(ApiTokenCredential.class);
    }

    @Override
    public Uni<HttpCredentialTransport> getCredentialTransport(RoutingContext request) {
        return Uni.createFrom()
                .item(new HttpCredentialTransport(HttpCredentialTransport.Type.OTHER_HEADER, "api-token"));
    }

    @Override
    public int getPriority() {
        return BEFORE_OIDC;
    }

    /** Says who holds it. */
    @ApplicationScoped
    public static class Holder implements IdentityProvider<ApiTokenCredential> {

        private final ApiTokens tokens;

        Holder(ApiTokens tokens) {
            this.tokens = tokens;
        }

        @Override
        public Class<ApiTokenCredential> getRequestType() {
            return ApiTokenCredential.class;
        }

        @Override
        public Uni<SecurityIdentity> authenticate(ApiTokenCredential credential, AuthenticationRequestContext context) {
            return ApiTokenSecret.parse(credential.text())
                    .map(secret -> tokens.valid(secret).map(token -> {
                        if (token == null) {
                            throw new AuthenticationFailedException("the API token is unknown, expired or revoked");
                        }
                        return (SecurityIdentity) QuarkusSecurityIdentity.builder()
                                .setPrincipal(new QuarkusPrincipal("api-token:" + token.id()))
                                .addRole(token.role())
                                .addAttribute(DisplayName.ATTRIBUTE, token.name() + " (API token)")
                                .build();
                    }))
                    .orElseGet(() ->
                            Uni.createFrom().failure(new AuthenticationFailedException("the API token is malformed")));
        }
    }
}
