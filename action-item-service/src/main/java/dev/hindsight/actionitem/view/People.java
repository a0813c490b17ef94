package dev.hindsight.actionitem.view;

import dev.hindsight.actionitem.domain.NamedPerson;
import dev.hindsight.contract.CatalogEvent;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.eventstore.StreamIds;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Finds the one person that somebody has written down as an owner. */
@ApplicationScoped
public class People {

    private final Pool pool;

    People(Pool pool) {
        this.pool = pool;
    }

    /** @param name null where the catalog does not know the person (yet) */
    public record Person(
            UUID id, @Schema(nullable = true) @Nullable String name) {}

    /**
     * The person of a UUID; else the one whose token has that subject; else the only one of that name; else somebody whom
     * the catalog does not know yet and who will come with that subject.
     *
     * @throws Invalid (in the Uni) for a team, a service, or a name that several people have
     */
    public Uni<Person> find(String owner) {
        NamedPerson.check(owner);
        String text = owner.strip();
        UUID id = uuid(text);
        UUID bySubject = StreamIds.person(CatalogEvent.OIDC, text);
        UUID[] ids =
                id == null ? new UUID[] {bySubject, StreamIds.team(text), StreamIds.service(text)} : new UUID[] {id};
        return pool.preparedQuery("""
                select p.id, p.kind, p.name, p.tool, c.id as asked from catalog_entry c
                join catalog_entry p on p.id = coalesce(c.merged_into, c.id)
                where c.id = any ($1)
                union
                select p.id, p.kind, p.name, p.tool, p.id from catalog_entry c
                join catalog_entry p on p.id = coalesce(c.merged_into, c.id)
                where c.kind = 'PERSON' and lower(c.name) = lower($2)""")
                .execute(Tuple.of(ids, id == null ? text : null))
                .map(rows -> {
                    List<Row> namesakes = new ArrayList<>();
                    List<Row> others = new ArrayList<>();
                    for (Row row : rows) {
                        if (!"PERSON".equals(row.getString("kind"))) {
                            others.add(row);
                        } else if (row.getUUID("asked").equals(id == null ? bySubject : id)) {
                            return person(row);
                        } else {
                            namesakes.add(row);
                        }
                    }
                    return choose(owner, id == null ? bySubject : id, namesakes, others);
                });
    }

    private static Person choose(String owner, UUID otherwise, List<Row> namesakes, List<Row> others) {
        if (namesakes.size() > 1) {
            List<Row> withToken = namesakes.stream()
                    .filter(row -> CatalogEvent.OIDC.equals(row.getString("tool")))
                    .toList();
            if (withToken.size() != 1) {
                throw Invalid.field(
                        "owner",
                        "OWNER_AMBIGUOUS",
                        "There are " + namesakes.size() + " people called \"" + owner + "\"; give one of these ids: "
                                + String.join(
                                        ", ",
                                        namesakes.stream()
                                                .map(row -> row.getUUID("id").toString())
                                                .sorted()
                                                .toList())
                                + ".");
            }
            return person(withToken.getFirst());
        }
        if (namesakes.size() == 1) {
            return person(namesakes.getFirst());
        }
        if (!others.isEmpty()) {
            throw NamedPerson.notAPerson(owner);
        }
        return new Person(otherwise, null);
    }

    private static Person person(Row row) {
        return new Person(row.getUUID("id"), row.getString("name"));
    }

    private static @Nullable UUID uuid(String text) {
        try {
            return text.length() == 36 ? UUID.fromString(text) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
