package dev.hindsight.conventions.observability;

import dev.hindsight.conventions.security.Roles;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** The numbers for Prometheus. A resource instead of Quarkus' own route, so that it is guarded like all others. */
@Path("/q/metrics")
public class MetricsResource {

    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private final PrometheusMeterRegistry registry;

    MetricsResource(PrometheusMeterRegistry registry) {
        this.registry = registry;
    }

    @GET
    @Blocking
    @RolesAllowed(Roles.VIEWER)
    @Operation(hidden = true)
    public Response scrape(@HeaderParam(HttpHeaders.ACCEPT) @Nullable String accept) {
        String type = accept != null && accept.contains("application/openmetrics-text") ? OPEN_METRICS : TEXT;
        return Response.ok(registry.scrape(type)).type(type).build();
    }
}
