package dev.hindsight.actionitem.view;

import dev.hindsight.actionitem.domain.BalancePolicy.Weighed;
import dev.hindsight.actionitem.view.People.Person;
import dev.hindsight.contract.ActionItemDetails;
import dev.hindsight.contract.ActionItemDetails.Category;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.conventions.access.Access;
import dev.hindsight.conventions.access.Reader;
import dev.hindsight.conventions.access.Visible;
import dev.hindsight.conventions.problem.NotFound;
import dev.hindsight.eventstore.StreamIds;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The one read before a command: which item is meant, and what its answer shows beside it. */
@ApplicationScoped
public class SurroundingsQuery {

    private static final Pattern REFERENCE = Pattern.compile("[A-Z]{1,10}-\\d{1,18}");

    private static final String SIBLINGS = """
            (select coalesce(jsonb_agg(jsonb_build_object('category', s.category, 'type', s.type)), '[]')
             from action_item s where s.postmortem_id = %s and s.status <> 'CANCELED' and s.id is distinct from %s%s) as siblings""";

    private static final String OF_NEW = """
            select nextval('action_item_number') as number, n.id as incident_id, n.reference, n.title, n.severity, n.status,
                   n.services, %s
            from (select 1) as one
            left join incident n on n.id = $1 or n.reference = $2""";

    private static final String OF_EXISTING = """
            select i.id as item_id, i.owner, p.name as owner_name, n.id as incident_id, n.reference, n.title, n.severity,
                   n.status, n.services, %s
            from action_item i
            left join catalog_entry d on d.id = i.owner
            left join catalog_entry p on p.id = coalesce(d.merged_into, d.id)
            left join incident n on n.id = i.incident_id
            where %s""";

    private final Pool pool;
    private final Access access;

    SurroundingsQuery(Pool pool, Access access) {
        this.pool = pool;
        this.access = access;
    }

    /**
     * For an item that is about to be proposed.
     *
     * @param reference readable name of the item, {@code ACT-7}; drawn here, so a refused proposal leaves a gap
     */
    public record Beginning(UUID incidentId, UUID postmortemId, String reference, Surroundings surroundings) {}

    /** An item that is there. */
    public record Found(UUID itemId, Surroundings surroundings) {}

    /**
     * Draws a reference, and looks up the incident. One that the reader must not know of is unknown by its reference, and by
     * its UUID as well: a proposal about it would make its owner a participant.
     *
     * @param incident UUID or {@code INC-42}; a UUID need not be known here yet, a reference must be
     * @param postmortemId null: the incident's own
     */
    public Uni<Beginning> begin(Reader reader, String incident, @Nullable UUID postmortemId) {
        UUID id = uuid(incident);
        if (id == null && !REFERENCE.matcher(incident).matches()) {
            return Uni.createFrom().failure(unknown(incident));
        }
        UUID postmortem = postmortemId != null ? postmortemId : id != null ? StreamIds.postmortem(id) : null;
        List<@Nullable Object> parameters = new ArrayList<>();
        parameters.add(id);
        parameters.add(id == null ? incident : null);
        parameters.add(postmortem);
        return pool.preparedQuery(OF_NEW.formatted(siblings(reader, "$3", "null::uuid", parameters)))
                .execute(Tuple.from(parameters))
                .map(RowSet::iterator)
                .chain(rows -> {
                    Row row = rows.next();
                    Surroundings.Incident known = incident(row);
                    UUID incidentId = known == null ? id : known.id();
                    if (incidentId == null) {
                        return Uni.createFrom().failure(unknown(incident));
                    }
                    return access.sees(reader, incidentId)
                            .chain(sees -> sees
                                    ? Uni.createFrom().item(incidentId)
                                    : Uni.createFrom().failure(unknown(incident)))
                            .chain(() -> beginning(reader, row, known, incidentId, postmortem));
                });
    }

    private Uni<Beginning> beginning(
            Reader reader, Row row, Surroundings.@Nullable Incident known, UUID incidentId, @Nullable UUID postmortem) {
        String reference = "ACT-" + row.getLong("number");
        if (postmortem != null) {
            return Uni.createFrom()
                    .item(new Beginning(
                            incidentId, postmortem, reference, new Surroundings(known, null, weighed(row))));
        }
        UUID own = StreamIds.postmortem(incidentId);
        return ofPostmortem(reader, own)
                .map(siblings -> new Beginning(incidentId, own, reference, new Surroundings(known, null, siblings)));
    }

    /** Items of other incidents may name the same postmortem; those that the reader must not know of do not weigh. */
    private static String siblings(Reader reader, String postmortem, String except, List<@Nullable Object> parameters) {
        return SIBLINGS.formatted(postmortem, except, Visible.sql(reader, "s.incident_id", parameters));
    }

    /** The items of a postmortem that are not canceled; none where the reader must not know of its incident. */
    public Uni<List<Weighed>> ofPostmortem(Reader reader, UUID postmortemId) {
        List<@Nullable Object> parameters = new ArrayList<>();
        parameters.add(postmortemId);
        return pool.preparedQuery("select " + siblings(reader, "$1", "null::uuid", parameters))
                .execute(Tuple.from(parameters))
                .map(rows -> weighed(rows.iterator().next()));
    }

    /**
     * The item of that UUID or reference.
     *
     * @throws NotFound (in the Uni) where there is none, or none for this reader
     */
    public Uni<Found> find(Reader reader, String idOrReference) {
        UUID id = uuid(idOrReference);
        if (id == null && !REFERENCE.matcher(idOrReference).matches()) {
            return Uni.createFrom().failure(new NotFound("action item", idOrReference));
        }
        List<@Nullable Object> parameters = new ArrayList<>();
        parameters.add(id == null ? idOrReference : id);
        String sql = OF_EXISTING.formatted(
                        siblings(reader, "i.postmortem_id", "i.id", parameters),
                        id == null ? "i.reference = $1" : "i.id = $1")
                + Visible.sql(reader, "i.incident_id", parameters);
        return pool.preparedQuery(sql)
                .execute(Tuple.from(parameters))
                .map(RowSet::iterator)
                .map(rows -> {
                    if (!rows.hasNext()) {
                        throw new NotFound("action item", idOrReference);
                    }
                    Row row = rows.next();
                    UUID owner = row.getUUID("owner");
                    return new Found(
                            row.getUUID("item_id"),
                            new Surroundings(
                                    incident(row),
                                    owner == null ? null : new Person(owner, row.getString("owner_name")),
                                    weighed(row)));
                });
    }

    /**
     * The UUID of an item, of which only the reference may be known.
     *
     * @throws NotFound (in the Uni) for a reference that no item has
     */
    public Uni<UUID> idOf(String idOrReference) {
        UUID id = uuid(idOrReference);
        if (id != null) {
            return Uni.createFrom().item(id);
        }
        if (!REFERENCE.matcher(idOrReference).matches()) {
            return Uni.createFrom().failure(new NotFound("action item", idOrReference));
        }
        return pool.preparedQuery("select id from action_item where reference = $1")
                .execute(Tuple.of(idOrReference))
                .map(RowSet::iterator)
                .map(rows -> {
                    if (!rows.hasNext()) {
                        throw new NotFound("action item", idOrReference);
                    }
                    return rows.next().getUUID("id");
                });
    }

    /** Null for anything but a UUID. */
    public static @Nullable UUID uuid(String text) {
        try {
            return text.length() == 36 ? UUID.fromString(text) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static Invalid unknown(String incident) {
        return Invalid.field(
                "incidentId",
                "INCIDENT_UNKNOWN",
                "incidentId must be the UUID of an incident, or a reference such as INC-42 that is known here; "
                        + incident + " is neither.");
    }

    private static Surroundings.@Nullable Incident incident(Row row) {
        UUID id = row.getUUID("incident_id");
        if (id == null) {
            return null;
        }
        String severity = row.getString("severity");
        return new Surroundings.Incident(
                id,
                row.getString("reference"),
                row.getString("title"),
                severity == null ? null : Severity.valueOf(severity),
                IncidentStatus.valueOf(row.getString("status")),
                Arrays.asList(row.getArrayOfStrings("services")));
    }

    private static List<Weighed> weighed(Row row) {
        List<Weighed> items = new ArrayList<>();
        for (Object each : (JsonArray) row.getValue("siblings")) {
            JsonObject item = (JsonObject) each;
            String category = item.getString("category");
            String type = item.getString("type");
            items.add(new Weighed(
                    category == null ? null : Category.valueOf(category),
                    type == null ? null : ActionItemDetails.Type.valueOf(type)));
        }
        return items;
    }
}
