package dev.hindsight.conventions.access;

import dev.hindsight.conventions.problem.NotFound;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Whether somebody may see an incident, where no query asks by itself. */
@ApplicationScoped
public class Access {

    private final Pool pool;

    Access(Pool pool) {
        this.pool = pool;
    }

    /** Also true of an incident that nobody has heard of. */
    public Uni<Boolean> sees(Reader reader, UUID incidentId) {
        return hidden(reader, List.of(incidentId)).map(Set::isEmpty);
    }

    /**
     * Fails where the reader must not know that it exists.
     *
     * @param what kind of thing was asked for, such as "incident"
     * @param asked as the client wrote it
     * @throws NotFound as a failure, the same as if there were none
     */
    public Uni<Void> require(Reader reader, UUID incidentId, String what, Object asked) {
        return sees(reader, incidentId)
                .chain(sees ->
                        sees ? Uni.createFrom().voidItem() : Uni.createFrom().failure(new NotFound(what, asked)));
    }

    /** Those of the incidents that the reader must not know of: for references and links in what they do see. */
    public Uni<Set<UUID>> hidden(Reader reader, Collection<UUID> incidents) {
        if (reader.seesAll() || incidents.isEmpty()) {
            return Uni.createFrom().item(Set.of());
        }
        List<@Nullable Object> parameters = new ArrayList<>();
        parameters.add(incidents.toArray(UUID[]::new));
        String visible = Visible.sql(reader, "n.id", parameters);
        return pool.preparedQuery("select n.id, true" + visible + " as visible from unnest($1::uuid[]) as n(id)")
                .execute(Tuple.from(parameters))
                .map(rows -> {
                    Set<UUID> hidden = new HashSet<>();
                    rows.forEach(row -> {
                        if (!row.getBoolean("visible")) {
                            hidden.add(row.getUUID("id"));
                        }
                    });
                    return hidden;
                });
    }
}
