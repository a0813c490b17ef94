package dev.hindsight.postmortem.view;

import dev.hindsight.contract.RequirementRule;
import dev.hindsight.conventions.access.Access;
import dev.hindsight.conventions.access.Reader;
import dev.hindsight.conventions.access.Visible;
import dev.hindsight.postmortem.domain.Requirement;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Other incidents that are mentioned in what somebody reads: by reference where they may see them, not at all otherwise. */
@ApplicationScoped
public class ReferenceQuery {

    private static final Pattern REFERENCE = Pattern.compile("INC-\\d+");

    /** What stands in a text for an incident that the reader must not know of. */
    private static final String HIDDEN = "another incident";

    private final Access access;
    private final Pool pool;

    ReferenceQuery(Access access, Pool pool) {
        this.access = access;
        this.pool = pool;
    }

    /** What each of them is called; {@link #HIDDEN} for those that the reader must not know of. */
    Uni<Map<UUID, String>> of(Reader reader, Set<UUID> incidents) {
        if (incidents.isEmpty()) {
            return Uni.createFrom().item(Map.of());
        }
        return access.hidden(reader, incidents)
                .chain(hidden -> Panache.withSession(() -> IncidentView.<IncidentView>list("id in ?1", incidents))
                        .map(known -> {
                            Map<UUID, String> names = new HashMap<>();
                            known.forEach(incident -> names.put(incident.id, incident.reference));
                            hidden.forEach(id -> names.put(id, HIDDEN));
                            return names;
                        }));
    }

    /** The references in what a requirement is because of, as far as the reader must not know them. */
    public Uni<Set<String>> hidden(Reader reader, @Nullable Requirement requirement) {
        return requirement == null ? Uni.createFrom().item(Set.of()) : hidden(reader, requirement.rules());
    }

    /** The references in these rules that the reader must not know. */
    Uni<Set<String>> hidden(Reader reader, List<RequirementRule> rules) {
        Set<String> mentioned = reader.seesAll() ? Set.of() : mentioned(rules);
        if (mentioned.isEmpty()) {
            return Uni.createFrom().item(Set.of());
        }
        List<@Nullable Object> parameters = new ArrayList<>();
        parameters.add(mentioned.toArray(String[]::new));
        String visible = Visible.sql(reader, "i.id", parameters);
        return pool.preparedQuery("select i.reference from incident i"
                        + " where i.reference = any ($1::text[]) and not (true" + visible + ")")
                .execute(Tuple.from(parameters))
                .map(rows -> {
                    Set<String> hidden = new HashSet<>();
                    rows.forEach(row -> hidden.add(row.getString("reference")));
                    return hidden;
                });
    }

    /** The text without these references. */
    public static String without(Set<String> hidden, String text) {
        return hidden.isEmpty()
                ? text
                : REFERENCE.matcher(text).replaceAll(match -> hidden.contains(match.group()) ? HIDDEN : match.group());
    }

    private static Set<String> mentioned(List<RequirementRule> rules) {
        Set<String> mentioned = new HashSet<>();
        rules.forEach(
                rule -> REFERENCE.matcher(rule.because()).results().forEach(match -> mentioned.add(match.group())));
        return mentioned;
    }
}
