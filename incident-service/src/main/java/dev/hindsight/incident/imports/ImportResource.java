package dev.hindsight.incident.imports;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.conventions.http.RequestContext;
import dev.hindsight.conventions.http.SafeToRepeat;
import dev.hindsight.conventions.security.Roles;
import dev.hindsight.eventstore.CommandContext;
import dev.hindsight.incident.application.IncidentHandler;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestStreamElementType;
import org.jspecify.annotations.Nullable;

/** Past incidents, streamed in from other systems, by an admin: nobody else may speak for everybody. */
@Path("/api/v1/incidents/imports")
@Tag(name = "Incidents")
public class ImportResource {

    private static final Logger LOG = Logger.getLogger(ImportResource.class);

    static final String NDJSON = "application/x-ndjson";
    static final String CSV = "text/csv";

    /** How far ahead of ours another system's clock may be. */
    private static final Duration AHEAD = Duration.ofMinutes(5);

    private final IncidentHandler handler;
    private final ImportConfig limits;
    private final RequestContext request;
    private final ObjectMapper json;

    ImportResource(IncidentHandler handler, ImportConfig limits, RequestContext request, ObjectMapper json) {
        this.handler = handler;
        this.limits = limits;
        this.request = request;
        this.json = json;
    }

    @POST
    @Consumes({NDJSON, CSV})
    @Produces(NDJSON)
    @RestStreamElementType(MediaType.APPLICATION_JSON)
    @RolesAllowed(Roles.ADMIN)
    @SafeToRepeat
    @Blocking
    @Operation(
            summary = "Import past incidents",
            description =
                    "One incident a line, with its history; any number of them, read as they come. The answer comes meanwhile, one JSON"
                            + " object a line: how far it is (all of that is durable), and what is wrong with a line, which is left"
                            + " out. The last line is the total; without it the import broke off, and is sent again. An incident is"
                            + " known by `source` and `externalId`, an entry by its place in the history: the same again changes"
                            + " nothing, a longer history adds what is new. Nothing is drafted, owed or announced for what is"
                            + " imported. Read the answer while you send. `text/csv` has one incident a row; the parameters say"
                            + " what its columns mean, and `preset` knows those of usual exports.")
    @RequestBody(
            content = {
                @Content(
                        mediaType = NDJSON,
                        schema = @Schema(implementation = ImportLine.class),
                        examples = @ExampleObject(name = "one line", value = ImportLine.EXAMPLE)),
                @Content(
                        mediaType = CSV,
                        schema = @Schema(type = SchemaType.STRING),
                        examples = @ExampleObject(name = "preset=servicenow", value = CsvMapping.EXAMPLE))
            })
    @APIResponse(
            responseCode = "200",
            description = "Progress and errors while it runs; the total at the end.",
            content =
                    @Content(
                            mediaType = NDJSON,
                            schema = @Schema(oneOf = {ImportAnswer.Progress.class, ImportAnswer.BadLine.class}),
                            examples = @ExampleObject(name = "three lines", value = ImportAnswer.EXAMPLE)))
    public Multi<ImportAnswer> imports(
            @BeanParam CsvMapping mapping, @Context HttpHeaders headers, @Nullable InputStream body)
            throws IOException {
        InputStream stream = body == null ? InputStream.nullInputStream() : body;
        MediaType type = headers.getMediaType();
        Lines lines;
        if (type.isCompatible(MediaType.valueOf(CSV))) {
            lines = CsvLines.begin(stream, type.getParameters().get("charset"), mapping.toColumns(), limits);
        } else {
            mapping.refuseAny();
            lines = new NdjsonLines(
                    stream, json, Math.toIntExact(limits.maxLine().asLongValue()));
        }
        Instant now = request.now();
        String traceparent = request.traceparent();
        ImportRun.Recording recording = (source, pasts) -> handler.remember(
                pasts,
                new CommandContext(
                        EventHeader.HINDSIGHT, EventHeader.fromImport(source), now, null, null, null, traceparent));
        // The events are of those who did it; who brought them along is found by the trace that they carry.
        LOG.infof("%s begins an import of %s", request.person(), type);
        AtomicInteger unheard = new AtomicInteger();
        return Multi.createFrom()
                .<ImportAnswer>emitter(
                        answers -> begin(
                                new ImportRun(lines, recording, limits, now.plus(AHEAD), answers, unheard), answers),
                        BackPressureStrategy.BUFFER)
                .onItem()
                .invoke(unheard::decrementAndGet);
    }

    private static void begin(ImportRun run, MultiEmitter<? super ImportAnswer> answers) {
        answers.onTermination(() -> run.breakOff(null));
        Thread.ofVirtual().name("import").start(run::run);
    }
}
