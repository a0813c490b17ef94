package dev.hindsight.actionitem.api;

import dev.hindsight.actionitem.domain.BalancePolicy;
import dev.hindsight.actionitem.domain.BalancePolicy.Balance;
import dev.hindsight.actionitem.domain.BalancePolicy.Warning;
import dev.hindsight.actionitem.domain.Burndown;
import dev.hindsight.actionitem.view.BurndownQuery;
import dev.hindsight.actionitem.view.SurroundingsQuery;
import dev.hindsight.contract.ActionItemDetails;
import dev.hindsight.contract.ActionItemDetails.Category;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.conventions.access.CurrentReader;
import dev.hindsight.conventions.http.RequestContext;
import dev.hindsight.conventions.http.TimeParam;
import dev.hindsight.conventions.security.Roles;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Many items seen together. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Overviews", description = "Whether items get closed, and whether they make sense together.")
public class BurndownResource {

    /** Points of one answer. */
    static final int MOST_POINTS = 400;

    private final BurndownQuery burndown;
    private final SurroundingsQuery surroundings;
    private final RequestContext request;
    private final CurrentReader reader;

    BurndownResource(
            BurndownQuery burndown, SurroundingsQuery surroundings, RequestContext request, CurrentReader reader) {
        this.burndown = burndown;
        this.surroundings = surroundings;
        this.request = request;
        this.reader = reader;
    }

    /**
     * @param total items of the scope, canceled ones among them
     * @param closed done or verified
     * @param completionRate closed ÷ (total − canceled); null where there is nothing to close
     */
    @Schema(name = "Burndown")
    public record BurndownBody(
            @Schema(required = true) List<PointBody> points,
            @Schema(required = true) int total,
            @Schema(required = true) int closed,
            @Schema(required = true) int canceled,

            @Schema(
                    nullable = true,
                    description =
                            "closed ÷ (total − canceled); below 0.5 is theater, 0.8 the target; null where there is nothing to close")
            @Nullable
            Double completionRate) {}

    /**
     * @param open null for a day that has not begun
     * @param planned would be open if every item were closed on its due date
     */
    @Schema(name = "BurndownPoint")
    public record PointBody(
            @Schema(required = true) LocalDate date,

            @Schema(nullable = true, description = "At the day's end; null for a day that has not begun") @Nullable
            Integer open,

            @Schema(required = true, description = "Would be open if every item were closed on its due date")
            int planned,

            @Schema(required = true) int created,
            @Schema(required = true) int closed,
            @Schema(required = true) int canceled) {

        static PointBody of(Burndown.Point point) {
            return new PointBody(
                    point.date(), point.open(), point.planned(), point.created(), point.closed(), point.canceled());
        }
    }

    @Schema(name = "Balance")
    public record BalanceBody(
            @Schema(required = true) UUID postmortemId,
            @Schema(required = true) int total,
            @Schema(required = true) Map<Category, Integer> byCategory,
            @Schema(required = true) Map<ActionItemDetails.Type, Integer> byType,
            @Schema(required = true) List<Warning> warnings) {

        static BalanceBody of(UUID postmortemId, Balance balance) {
            return new BalanceBody(
                    postmortemId, balance.total(), balance.byCategory(), balance.byType(), balance.warnings());
        }
    }

    @GET
    @Path("/burndown")
    @RolesAllowed(Roles.VIEWER)
    @Operation(
            summary = "How items get closed, planned against actual",
            description =
                    "Of one postmortem, of all incidents of one service or of one team's services, or of everything. One point a UTC"
                            + " day, as it stood at the day's end: `open` (null for days to come), `planned` (open if each item were closed on its due date), and what was"
                            + " `created`, `closed` (done) and `canceled` that day. At most 400 points. Of services and of everything, items of"
                            + " TEST, DRILL, canceled and merged incidents do not count. The totals are those of the whole scope, whatever the days.")
    @APIResponse(responseCode = "200", description = "The points and the totals.")
    public Uni<BurndownBody> burndown(
            @Parameter(description = "UUID of a postmortem; alone.") @QueryParam("postmortem") @Nullable
                    UUID postmortem,
            @Parameter(description = "A service, by any name that the catalog has merged and in any spelling; alone.")
                    @QueryParam("service")
                    @Nullable
                    String service,
            @Parameter(description = "Name of a team, for all of its services; alone.") @QueryParam("team") @Nullable
                    String team,
            @Parameter(
                            description =
                                    "First day (UTC), or an instant within it; the day of the first item where nothing is given.")
                    @QueryParam("from")
                    @Nullable
                    String from,
            @Parameter(description = "First day that is left out; tomorrow where nothing is given.")
                    @QueryParam("to")
                    @Nullable
                    String to) {
        if (Stream.of(postmortem, service, team).filter(Objects::nonNull).count() > 1) {
            throw Invalid.field(
                    service == null ? "team" : "service", "ONE_SCOPE", "Give one of postmortem, service and team.");
        }
        requireStorable("service", service);
        requireStorable("team", team);
        LocalDate today = LocalDate.ofInstant(request.now(), ZoneOffset.UTC);
        LocalDate first = day("from", from);
        LocalDate end = lastDay("to", to);
        if (first != null && end != null) {
            requireBounded(first, end);
        }
        return burndown.days(reader.get(), postmortem, service, team).map(days -> {
            LocalDate until = end != null ? end : first != null && first.isAfter(today) ? first : today.plusDays(1);
            LocalDate begin = first != null ? first : begin(days, until);
            requireBounded(begin, until);
            Burndown.Day all = BurndownQuery.sum(days);
            return new BurndownBody(
                    Burndown.points(days, begin, until, today).stream()
                            .map(PointBody::of)
                            .toList(),
                    all.created(),
                    all.closed(),
                    all.canceled(),
                    Burndown.completionRate(all.created(), all.closed(), all.canceled()));
        });
    }

    @GET
    @Path("/balance")
    @RolesAllowed(Roles.VIEWER)
    @Operation(
            summary = "Whether the items of a postmortem make sense together",
            description =
                    "Counts by category and type, without canceled items; warnings for none or more than three items, and for a"
                            + " postmortem with only COMMUNICATION or only GUARDRAIL items. Advice, never an error.")
    @APIResponse(responseCode = "200", description = "Counts and warnings.")
    public Uni<BalanceBody> balance(
            @Parameter(description = "UUID of the postmortem.", required = true) @QueryParam("postmortem") @Nullable
                    UUID postmortem) {
        if (postmortem == null) {
            throw Invalid.field("postmortem", "REQUIRED", "postmortem is required.");
        }
        return surroundings
                .ofPostmortem(reader.get(), postmortem)
                .map(items -> BalanceBody.of(postmortem, BalancePolicy.judge(items)));
    }

    /** The first day with an item, but no earlier than the points allow. */
    private static LocalDate begin(NavigableMap<LocalDate, Burndown.Day> days, LocalDate until) {
        LocalDate earliest = until.minusDays(MOST_POINTS);
        LocalDate first = days.isEmpty() ? until.minusDays(1) : days.firstKey();
        return first.isBefore(earliest) ? earliest : first.isBefore(until) ? first : until.minusDays(1);
    }

    private static void requireBounded(LocalDate first, LocalDate end) {
        if (end.isBefore(first)) {
            throw Invalid.field("to", "BEFORE_FROM", "to must not be before from.");
        }
        if (first.plusDays(MOST_POINTS).isBefore(end)) {
            throw Invalid.field(
                    "from",
                    "TOO_MANY_POINTS",
                    "There may be " + MOST_POINTS + " days from " + first + " to " + end + "; ask for fewer.");
        }
    }

    private static void requireStorable(String name, @Nullable String text) {
        if (text != null && text.indexOf('\0') >= 0) {
            throw Invalid.field(name, "INVALID_CHARACTER", name + " must not hold the character U+0000.");
        }
    }

    private static @Nullable LocalDate day(String name, @Nullable String value) {
        Instant instant = TimeParam.parse(name, value);
        return instant == null ? null : LocalDate.ofInstant(instant, ZoneOffset.UTC);
    }

    /** Half-open: the day of an instant within it still belongs. */
    private static @Nullable LocalDate lastDay(String name, @Nullable String value) {
        Instant instant = TimeParam.parse(name, value);
        if (instant == null) {
            return null;
        }
        LocalDate day = LocalDate.ofInstant(instant, ZoneOffset.UTC);
        return day.atStartOfDay(ZoneOffset.UTC).toInstant().equals(instant) ? day : day.plusDays(1);
    }
}
