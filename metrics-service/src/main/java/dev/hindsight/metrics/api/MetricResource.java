package dev.hindsight.metrics.api;

import dev.hindsight.contract.Severity;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.contract.refusal.Invalid.Violation;
import dev.hindsight.conventions.http.TimeParam;
import dev.hindsight.conventions.paging.Page;
import dev.hindsight.conventions.problem.NotFound;
import dev.hindsight.conventions.security.Roles;
import dev.hindsight.metrics.domain.Grouping;
import dev.hindsight.metrics.domain.MetricDefinition;
import dev.hindsight.metrics.domain.Metrics;
import dev.hindsight.metrics.domain.Question;
import dev.hindsight.metrics.view.MetricQueries;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Metrics as JSON: what they mean, and what they are. */
@Path("/api/v1/metrics")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Metrics")
public class MetricResource {

    private final MetricQueries queries;

    MetricResource(MetricQueries queries) {
        this.queries = queries;
    }

    @GET
    @RolesAllowed(Roles.VIEWER)
    @Operation(
            summary = "The definitions",
            description =
                    "Every metric with its unit, its definition in words, the reasons for which something may not be"
                            + " in the number, and the thresholds by which it is judged.\n\nPrometheus reads them at"
                            + " `/q/metrics`, over the last 30 and 90 days (label `window`) and by `severity`:"
                            + " `hindsight_time_to_acknowledge_seconds`, `hindsight_time_to_restore_seconds` and"
                            + " `hindsight_postmortem_completion_hours` by `statistic`,"
                            + " `hindsight_incident_frequency_incidents`, `hindsight_paging_load_pages` (a shift), `hindsight_action_item_completion_ratio`,"
                            + " `hindsight_postmortem_completion_within_48h_ratio`, `hindsight_mttr_median_major_seconds`,"
                            + " `hindsight_mttr_mean_all_seconds`, `hindsight_metric_counted` and"
                            + " `hindsight_metric_excluded` by `metric` and `reason`.")
    @APIResponse(responseCode = "200", description = "All metrics, on one page.")
    public Uni<Page<MetricDescription>> definitions() {
        return Uni.createFrom()
                .item(new Page<>(
                        Metrics.all().stream().map(MetricDescription::of).toList(), null));
    }

    @GET
    @Path("/{id}")
    @RolesAllowed(Roles.VIEWER)
    @Operation(
            summary = "One metric's numbers",
            description = "Counts incidents by their declared time, in UTC, ISO weeks and calendar months. Percentiles"
                    + " interpolate. What lacks a timestamp, or ends before it begins, is excluded and counted as such."
                    + " Lengths of time are in seconds unless the id names another unit. Services and teams are what the"
                    + " catalog says now, also with asOf: which names are one service is no fact of the past.")
    @APIResponse(
            responseCode = "200",
            description = "The total, and the groups that were asked for.",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = MetricAnswer.class),
                            examples = @ExampleObject(name = "time_to_restore", summary = "By severity", value = """
            {"id": "time_to_restore", "version": 1, "unit": "seconds",
             "definition": "From the first signal (…) to the last resolution. …", "valueIs": "median",
             "total": {"key": "all", "value": 3600.0, "statistics": {"mean": 4200.0, "median": 3600.0, "p90": 7200.0}, "n": 3,
                       "excluded": [{"reason": "NOT_RESOLVED", "count": 1}],
                       "figures": {"mttrMedianMajor": {"value": 3600.0, "n": 1}, "mttrMeanAll": {"value": 4200.0, "n": 3},
                                   "reopenings": {"value": 0.0, "n": 0}}},
             "groups": [{"key": "SEV1", "value": 3600.0, "statistics": {"mean": 3600.0, "median": 3600.0, "p90": 3600.0},
                         "n": 1, "excluded": [], "figures": {"mttrMedianMajor": {"value": 3600.0, "n": 1},
                         "mttrMeanAll": {"value": 3600.0, "n": 1}, "reopenings": {"value": 0.0, "n": 0}}}]}""")))
    public Uni<MetricAnswer> metric(
            @Parameter(description = "As in the definitions.", example = "time_to_restore") @PathParam("id") String id,
            @Parameter(
                            description = "First moment of the period: an RFC 3339 time or a UTC date.",
                            example = "2026-11-01")
                    @QueryParam("from")
                    @Nullable
                    String from,
            @Parameter(description = "First moment after the period.", example = "2026-12-01")
                    @QueryParam("to")
                    @Nullable
                    String to,
            @Parameter(
                            description =
                                    "What to group by; nothing for the total alone. Services that are merged are one group;"
                                            + " each definition says what it can be grouped by.",
                            schema =
                                    @Schema(
                                            type = SchemaType.STRING,
                                            enumeration = {"service", "team", "severity", "person", "week", "month"}))
                    @QueryParam("groupBy")
                    @Nullable
                    String groupBy,
            @Parameter(
                            description =
                                    "Only incidents of this service: by any name that the catalog has merged, in any spelling.",
                            example = "checkout")
                    @QueryParam("service")
                    @Nullable
                    String service,
            @Parameter(description = "Only incidents of this team's services.", example = "Payments")
                    @QueryParam("team")
                    @Nullable
                    String team,
            @Parameter(description = "Only incidents of this severity.") @QueryParam("severity") @Nullable
                    Severity severity,
            @Parameter(description = "Answers with what was recorded by then.", example = "2026-11-21T14:05:00Z")
                    @QueryParam("asOf")
                    @Nullable
                    String asOf) {
        MetricDefinition metric = Metrics.withId(id).orElseThrow(() -> new NotFound("metric", id));
        Question question = new Question(
                TimeParam.parse("from", from),
                TimeParam.parse("to", to),
                grouping(metric, groupBy),
                service,
                team,
                severity,
                TimeParam.parse("asOf", asOf));
        refuseNonsense(question);
        return queries.measure(metric, question).map(measurement -> MetricAnswer.of(metric, measurement));
    }

    private static @Nullable Grouping grouping(MetricDefinition metric, @Nullable String groupBy) {
        if (groupBy == null) {
            return null;
        }
        return Grouping.named(groupBy)
                .filter(metric.groupings()::contains)
                .orElseThrow(() -> Invalid.field(
                        "groupBy",
                        "INVALID_VALUE",
                        "groupBy must be one of "
                                + metric.groupings().stream()
                                        .sorted()
                                        .map(Grouping::wireName)
                                        .collect(Collectors.joining(", "))
                                + "."));
    }

    private static void refuseNonsense(Question question) {
        List<Violation> violations = new ArrayList<>();
        Instant from = question.from();
        Instant to = question.to();
        if (from != null && to != null && !from.isBefore(to)) {
            violations.add(new Violation("to", "EMPTY_PERIOD", "to must be after from."));
        }
        if (question.service() != null && question.service().isBlank()) {
            violations.add(new Violation("service", "NOT_BLANK", "service must not be blank."));
        }
        if (question.team() != null && question.team().isBlank()) {
            violations.add(new Violation("team", "NOT_BLANK", "team must not be blank."));
        }
        if (!violations.isEmpty()) {
            throw new Invalid(violations);
        }
    }
}
