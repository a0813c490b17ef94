package dev.hindsight.incident.api;

import dev.hindsight.conventions.HindsightConfig;
import dev.hindsight.conventions.page.Frame;
import dev.hindsight.conventions.page.Frames;
import dev.hindsight.conventions.security.Roles;
import dev.hindsight.incident.view.IncidentQueries;
import dev.hindsight.incident.view.ListedIncident;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The front page: what is going on, and where everything is. */
@Path("/")
public class FrontPageResource {

    private static final int SHOWN = 10;
    private static final DateTimeFormatter UTC = DateTimeFormatter.ofPattern("d MMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final IncidentQueries queries;
    private final Frames frames;
    private final SecurityIdentity identity;
    private final List<Service> services;

    FrontPageResource(IncidentQueries queries, Frames frames, SecurityIdentity identity, HindsightConfig config) {
        this.queries = queries;
        this.frames = frames;
        this.identity = identity;
        this.services = List.of(
                Service.of("incident-service", "Incidents, webhooks of paging tools, API tokens", config.incidentUrl()),
                Service.of(
                        "postmortem-service",
                        "Timelines, postmortems, who owes one and until when",
                        config.postmortemUrl()),
                Service.of("action-item-service", "Action items, their quality bar, burndown", config.actionItemUrl()),
                Service.of(
                        "metrics-service",
                        "Times to restore and the like, for people and Grafana",
                        config.metricsUrl()));
    }

    /** One of the four, and where its doors are. */
    public record Service(String name, String about, String url, String swaggerUi, String openApi, String health) {
        static Service of(String name, String about, URI url) {
            return new Service(
                    name,
                    about,
                    url.toString(),
                    url.resolve("/q/swagger-ui").toString(),
                    url.resolve("/q/openapi").toString(),
                    url.resolve("/q/health").toString());
        }
    }

    /** The index, for programs. */
    public record Index(String name, List<Service> services) {}

    /** One incident that is not over. */
    public record Ongoing(
            String reference,
            String title,
            String severity,
            String status,
            String services,
            String since,
            String sinceIso) {
        static Ongoing of(ListedIncident listed) {
            Instant declared =
                    Objects.requireNonNull(listed.milestones().declared()).truncatedTo(ChronoUnit.MINUTES);
            return new Ongoing(
                    listed.reference(),
                    listed.title(),
                    listed.severity().name(),
                    listed.status().name().toLowerCase(Locale.ROOT),
                    String.join(", ", listed.services()),
                    UTC.format(declared),
                    declared.toString());
        }
    }

    /** The page. */
    @CheckedTemplate
    static class Templates {
        static native TemplateInstance front(Frame frame, List<Ongoing> ongoing, boolean more, List<Service> services);
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @PermitAll
    @Operation(hidden = true)
    public Index index() {
        return new Index("Hindsight", services);
    }

    @GET
    @Produces(MediaType.TEXT_HTML)
    @RolesAllowed(Roles.VIEWER)
    @Operation(hidden = true)
    public Uni<String> front() {
        return queries.ongoing(SHOWN).chain(page -> Templates.front(
                        frames.of(identity),
                        page.items().stream().map(Ongoing::of).toList(),
                        page.next() != null,
                        services)
                .createUni());
    }
}
