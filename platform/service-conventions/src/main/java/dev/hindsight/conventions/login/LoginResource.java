package dev.hindsight.conventions.login;

import dev.hindsight.conventions.page.Frame;
import dev.hindsight.conventions.page.Frames;
import dev.hindsight.conventions.security.session.BrowserTenant;
import dev.hindsight.conventions.security.session.PageRequest;
import dev.hindsight.conventions.security.session.Sessions;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticator;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** Where a browser signs in and out. */
@Path("/")
@PermitAll
@Produces(MediaType.TEXT_HTML)
public class LoginResource {

    private final CurrentIdentityAssociation identity;
    private final HttpAuthenticator authenticator;
    private final BrowserTenant provider;
    private final LoginLinks links;
    private final Sessions sessions;
    private final Frames frames;
    private final RoutingContext request;
    private final String service;

    LoginResource(
            CurrentIdentityAssociation identity,
            HttpAuthenticator authenticator,
            BrowserTenant provider,
            LoginLinks links,
            Sessions sessions,
            Frames frames,
            RoutingContext request,
            @ConfigProperty(name = "quarkus.application.name") String service) {
        this.identity = identity;
        this.authenticator = authenticator;
        this.provider = provider;
        this.links = links;
        this.sessions = sessions;
        this.frames = frames;
        this.request = request;
        this.service = service;
    }

    /** The pages. */
    @CheckedTemplate(basePath = "hindsight")
    static class Templates {
        static native TemplateInstance login(Frame frame, boolean linkRefused, boolean linksAccepted, String home);

        static native TemplateInstance logout(Frame frame, boolean done);
    }

    /** Leads to the provider, takes a link, or says how to get one; then back to where the browser wanted to go. */
    @GET
    @Path("login")
    @Operation(hidden = true)
    public Uni<Response> login(@QueryParam("token") @Nullable String token, @QueryParam("to") @Nullable String to) {
        URI target = LocalTarget.of(to);
        if (token != null) {
            return follow(token, target);
        }
        return who().chain(person -> {
            if (!person.isAnonymous()) {
                return Uni.createFrom().item(Response.seeOther(target).build());
            }
            return provider.isConfigured() && PageRequest.isOne(request) ? leadToProvider() : page(401, false);
        });
    }

    /** Signs out, if the person asked for it on a page of ours; otherwise asks whether they want to. */
    @GET
    @Path("logout")
    @Operation(hidden = true)
    public Uni<Response> logout() {
        if (!PageRequest.isOfThisOrigin(request)) {
            return who().chain(person -> html(200, Templates.logout(frames.of(person), false)));
        }
        // With a provider this redirects there (RP-initiated logout) as soon as the session is looked at.
        return who().chain(person -> html(200, Templates.logout(frames.of(null), true)))
                .map(answer -> Response.fromResponse(answer)
                        .cookie(sessions.noCookie(request))
                        .build());
    }

    private Uni<Response> follow(String token, URI target) {
        if (!request.request().method().equals(HttpMethod.GET)) {
            // Whoever only looks whether a link works must not use it up.
            return page(401, false);
        }
        return links.use(token)
                .chain(session -> session == null
                        ? page(401, true)
                        : Uni.createFrom()
                                .item(Response.seeOther(target)
                                        .cookie(sessions.cookie(session, request))
                                        .header("Cache-Control", "no-store")
                                        .header("Referrer-Policy", "no-referrer")
                                        .build()));
    }

    private Uni<Response> leadToProvider() {
        return authenticator.getChallenge(request).map(challenge -> {
            Response.ResponseBuilder answer = Response.status(challenge.status);
            challenge.getHeaders().forEach((name, value) -> answer.header(name.toString(), value));
            return answer.build();
        });
    }

    private Uni<Response> page(int status, boolean linkRefused) {
        return html(status, Templates.login(frames.of(null), linkRefused, links.areAccepted(), frames.home()))
                .map(answer -> Response.fromResponse(answer)
                        .header("WWW-Authenticate", "Bearer")
                        .build());
    }

    private static Uni<Response> html(int status, TemplateInstance page) {
        return page.createUni().map(text -> Response.status(status)
                .type(MediaType.TEXT_HTML_TYPE.withCharset("UTF-8"))
                .entity(text)
                .build());
    }

    /** A cookie that is not good any more is none. */
    private Uni<SecurityIdentity> who() {
        return identity.getDeferredIdentity()
                .onFailure(AuthenticationFailedException.class)
                .recoverWithItem(() -> io.quarkus.security.runtime.QuarkusSecurityIdentity.builder()
                        .setAnonymous(true)
                        .build());
    }
}
