package dev.hindsight.incident.api;

import dev.hindsight.contract.CalendarEvent.Changed;
import dev.hindsight.contract.CalendarEvent.Hours;
import dev.hindsight.contract.CalendarEvent.Shift;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.conventions.http.Answers;
import dev.hindsight.conventions.http.RequestContext;
import dev.hindsight.conventions.paging.Page;
import dev.hindsight.conventions.paging.PageQuery;
import dev.hindsight.conventions.security.Roles;
import dev.hindsight.incident.application.CalendarHandler;
import dev.hindsight.incident.application.Learned;
import dev.hindsight.incident.view.CalendarQueries;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** When people work: by it each page is judged as after hours or not, in the moment in which it is recorded. */
@Path("/api/v1/calendars")
@Tag(name = "Calendars")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class CalendarResource {

    private static final int NAME = 200;
    private static final int MANY_HOURS = 50;
    private static final int MANY_DAYS = 1_000;
    private static final String CLOCK = "([01]\\d|2[0-3]):[0-5]\\d";

    private final CalendarHandler handler;
    private final CalendarQueries queries;
    private final RequestContext request;
    private final Answers answers;

    CalendarResource(CalendarHandler handler, CalendarQueries queries, RequestContext request, Answers answers) {
        this.handler = handler;
        this.queries = queries;
        this.request = request;
        this.answers = answers;
    }

    /** A part of each such day. */
    @Schema(name = "CalendarHours")
    public record HoursBody(
            @NotNull DayOfWeek day,

            @NotNull
            @Pattern(regexp = CLOCK, message = "must be a time of day such as 09:00")
            @Schema(examples = "\"09:00\"")
            String from,

            @NotNull
            @Pattern(regexp = CLOCK, message = "must be a time of day such as 17:00")
            @Schema(description = "Not after from: of the next day.", examples = "\"17:00\"")
            String to) {

        static HoursBody of(Hours hours) {
            return new HoursBody(hours.day(), hours.from(), hours.to());
        }

        Hours toHours() {
            return new Hours(day, from, to);
        }
    }

    /** When somebody of the team is on call, each week. */
    @Schema(name = "CalendarShift")
    public record ShiftBody(
            @NotBlank @Size(max = NAME) @Schema(examples = "night")
            String name,

            @NotNull @Valid HoursBody hours) {}

    /** A calendar to go by. */
    @Schema(name = "CalendarChange", description = "Replaces what was said of it before.")
    public record CalendarBody(
            @Nullable
            @Size(max = NAME)
            @Schema(
                    description =
                            "Name of the team whose it is; of all who have none of their own, where it is absent.",
                    examples = "Payments")
            String team,

            @NotBlank
            @Size(max = NAME)
            @Schema(
                    description = "Of the IANA database: of whoever has none in the catalog.",
                    examples = "Europe/Stockholm")
            String timeZone,

            @NotNull @Valid @Size(max = MANY_HOURS) @Schema(description = "By the clock on the wall of whoever works.")
            List<@NotNull HoursBody> workingHours,

            @Nullable @Size(max = MANY_DAYS) @Schema(description = "Days on which nobody works.")
            List<@NotNull LocalDate> holidays,

            @Nullable @Valid @Size(max = MANY_HOURS) @Schema(description = "When somebody of the team is on call.")
            List<@NotNull ShiftBody> shifts) {}

    /** A calendar. */
    @Schema(name = "Calendar")
    public record CalendarAnswer(
            UUID id,

            @Nullable @Schema(description = "The id of the team whose it is; null: of the house.")
            UUID team,

            String timeZone,
            List<HoursBody> workingHours,
            List<LocalDate> holidays,
            List<ShiftBody> shifts,
            long version) {

        static CalendarAnswer of(UUID id, Changed said, long version) {
            return new CalendarAnswer(
                    id,
                    said.team(),
                    said.timeZone(),
                    said.workingHours().stream().map(HoursBody::of).toList(),
                    said.holidays(),
                    said.shifts().stream()
                            .map(shift -> new ShiftBody(shift.name(), HoursBody.of(shift.hours())))
                            .toList(),
                    version);
        }
    }

    @GET
    @RolesAllowed(Roles.VIEWER)
    @Operation(summary = "List calendars", description = "That of the house first, then those of teams.")
    @APIResponse(responseCode = "200", description = "One page of calendars.")
    public Uni<Page<CalendarAnswer>> list(@BeanParam PageQuery page) {
        return queries.list(page.limit(), page.cursor(1))
                .map(found -> found.map(view -> CalendarAnswer.of(view.id, view.calendar, view.version)));
    }

    @PUT
    @RolesAllowed(Roles.ADMIN)
    @Operation(
            summary = "Say when people work",
            description =
                    "Of a team, or of the house. A page is after hours where it comes outside the working hours of its"
                            + " responder's team, by the clock on the responder's wall. What was judged already stays as it is.")
    @APIResponse(
            responseCode = "200",
            description = "The calendar after it.",
            content = @Content(schema = @Schema(implementation = CalendarAnswer.class)))
    public Uni<Response> change(@Valid CalendarBody body) {
        if (!ZoneId.getAvailableZoneIds().contains(body.timeZone())) {
            throw Invalid.field(
                    "timeZone",
                    "UNKNOWN_TIME_ZONE",
                    "timeZone must be one of the IANA database, such as Europe/Berlin.");
        }
        Learned learned = Learned.by(request.subject(), request.displayName());
        UUID team = body.team() == null || body.team().isBlank()
                ? null
                : learned.team(body.team().strip(), null, null);
        Changed wanted = new Changed(
                team,
                body.timeZone(),
                body.workingHours().stream().map(HoursBody::toHours).toList(),
                body.holidays() == null
                        ? List.of()
                        : body.holidays().stream().sorted().distinct().toList(),
                body.shifts() == null
                        ? List.of()
                        : body.shifts().stream()
                                .map(shift -> new Shift(
                                        shift.name().strip(), shift.hours().toHours()))
                                .toList());
        return handler.change(
                        wanted,
                        learned,
                        request.context(),
                        after -> answers.ok(
                                CalendarAnswer.of(
                                        after.streamId(),
                                        Objects.requireNonNull(after.state().said()),
                                        after.version()),
                                after.streamId(),
                                after.version()))
                .map(outcome -> Answers.toResponse(Objects.requireNonNull(outcome.answer())));
    }
}
