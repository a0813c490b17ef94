package dev.hindsight.actionitem.api;

import dev.hindsight.actionitem.view.ActionItemQuery;
import dev.hindsight.actionitem.view.People;
import dev.hindsight.contract.ActionItemDetails.Category;
import dev.hindsight.contract.ActionItemDetails.Priority;
import dev.hindsight.contract.ActionItemStatus;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.conventions.http.TimeParam;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/** The filters of the list. */
public class ActionItemFilter {

    @QueryParam("incident")
    @Parameter(description = "UUID or reference of the incident.")
    @Nullable
    String incident;

    @QueryParam("postmortem")
    @Nullable
    UUID postmortem;

    @QueryParam("service")
    @Parameter(
            description =
                    "A service that the incident affects: by any name that the catalog has merged, in any spelling.")
    @Nullable
    String service;

    @QueryParam("team")
    @Parameter(description = "Name of a team whose services the incident affects.")
    @Nullable
    String team;

    @QueryParam("owner")
    @Parameter(description = "UUID, token's subject or unique name of the person.")
    @Nullable
    String owner;

    @QueryParam("status")
    List<ActionItemStatus> status = List.of();

    @QueryParam("priority")
    List<Priority> priority = List.of();

    @QueryParam("category")
    List<Category> category = List.of();

    @QueryParam("overdue")
    @Parameter(description = "Open, and due before today (UTC); false: all others.")
    @Nullable
    Boolean overdue;

    @QueryParam("from")
    @Parameter(description = "First due date, or an instant; items without a due date are left out.")
    @Nullable
    String from;

    @QueryParam("to")
    @Parameter(description = "First due date that is left out, or an instant.")
    @Nullable
    String to;

    @QueryParam("q")
    @Parameter(description = "Words of title, reference, change or verification; \"…\" for a phrase, - for none of.")
    @Nullable
    String q;

    Uni<ActionItemQuery.Filter> resolve(People people) {
        LocalDate dueFrom = firstDay("from", from);
        LocalDate dueBefore = firstDay("to", to);
        for (String text : new String[] {incident, service, team, q}) {
            if (text != null && text.indexOf('\0') >= 0) {
                throw Invalid.field("", "INVALID_CHARACTER", "A query parameter must not hold the character U+0000.");
            }
        }
        Uni<@Nullable UUID> ownerId =
                owner == null ? Uni.createFrom().nullItem() : people.find(owner).map(People.Person::id);
        return ownerId.map(id -> new ActionItemQuery.Filter(
                incident, postmortem, service, team, id, status, priority, category, overdue, dueFrom, dueBefore, q));
    }

    /** A due date counts as its first moment, so an instant within a day leaves that day behind. */
    private static @Nullable LocalDate firstDay(String name, @Nullable String value) {
        Instant instant = TimeParam.parse(name, value);
        if (instant == null) {
            return null;
        }
        LocalDate day = LocalDate.ofInstant(instant, ZoneOffset.UTC);
        return day.atStartOfDay(ZoneOffset.UTC).toInstant().equals(instant) ? day : day.plusDays(1);
    }
}
