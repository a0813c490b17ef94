package dev.hindsight.conventions.security.session;

import dev.hindsight.conventions.HindsightConfig;
import dev.hindsight.conventions.HindsightConfig.Oidc;
import dev.hindsight.conventions.security.DerivedKeys;
import io.quarkus.oidc.OidcRequestContext;
import io.quarkus.oidc.OidcTenantConfig;
import io.quarkus.oidc.TenantConfigResolver;
import io.quarkus.oidc.runtime.OidcTenantConfig.ApplicationType;
import io.quarkus.oidc.runtime.OidcTenantConfig.Roles.Source;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The OIDC authorization code flow (with PKCE and nonce), for requests that open a page and for nothing else; all others
 * meet the bearer tenant, which reads no cookie. The cookie is encrypted with a key that all services derive, so one sign-in is
 * valid for all that share a host. Its tokens are refreshed at the provider when they expire.
 */
@ApplicationScoped
public class BrowserTenant implements TenantConfigResolver {

    /** Where the provider sends the browser back to; to be registered there. */
    public static final String REDIRECT_PATH = "/login";

    /** Where a browser signs out, here and at the provider. */
    public static final String LOGOUT_PATH = "/logout";

    private static final String TENANT = "browser";

    private final Optional<OidcTenantConfig> tenant;

    BrowserTenant(
            HindsightConfig config,
            DerivedKeys keys,
            @ConfigProperty(name = "quarkus.oidc.auth-server-url") Optional<String> provider,
            @ConfigProperty(name = "quarkus.oidc.token.issuer") Optional<String> issuer,
            @ConfigProperty(name = "quarkus.oidc.roles.role-claim-path") Optional<List<String>> roleClaim) {
        this.tenant = provider.filter(url -> config.oidc().clientId().isPresent())
                .map(url -> tenant(url, config, keys, issuer, roleClaim.orElse(List.of())));
    }

    /** Whether people can sign in at a provider. */
    public boolean isConfigured() {
        return tenant.isPresent();
    }

    @Override
    public Uni<OidcTenantConfig> resolve(RoutingContext request, OidcRequestContext<OidcTenantConfig> context) {
        return tenant.isPresent() && PageRequest.isOne(request)
                ? Uni.createFrom().item(tenant.get())
                : Uni.createFrom().nullItem();
    }

    private static OidcTenantConfig tenant(
            String provider,
            HindsightConfig config,
            DerivedKeys keys,
            Optional<String> issuer,
            List<String> roleClaim) {
        Oidc oidc = config.oidc();
        var builder = OidcTenantConfig.authServerUrl(provider)
                .tenantId(TENANT)
                .applicationType(ApplicationType.WEB_APP)
                .clientId(oidc.clientId().orElseThrow())
                // The same claims that a bearer token is judged by.
                .roles()
                .source(Source.accesstoken)
                .roleClaimPath(roleClaim)
                .end()
                .token()
                .principalClaim("sub")
                .subjectRequired()
                .refreshExpired()
                .end()
                .authentication()
                .redirectPath(REDIRECT_PATH)
                .restorePathAfterRedirect()
                .scopes(oidc.scopes())
                .nonceRequired()
                .pkceRequired()
                .stateSecret(keys.secret("hindsight oidc state v1"))
                .cookiePath("/")
                .cookieForceSecure(Sessions.isHttps(config))
                .forceRedirectHttpsScheme(Sessions.isHttps(config))
                .sessionAgeExtension(Session.LENGTH)
                .end()
                .tokenStateManager()
                .encryptionSecret(keys.secret("hindsight oidc session v1"))
                .end()
                .logout()
                .path(LOGOUT_PATH)
                .postLogoutPath("/")
                .end();
        issuer.ifPresent(name -> builder.token().issuer(name).end());
        oidc.clientSecret()
                .ifPresent(secret -> builder.credentials().clientSecret(secret).end());
        return builder.build();
    }
}
