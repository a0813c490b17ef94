package dev.hindsight.metrics.view;

import dev.hindsight.contract.IncidentEvent.OfDeploy;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.consume.BatchRows.Column;
import dev.hindsight.eventstore.consume.BatchRows.Type;
import dev.hindsight.metrics.domain.DeployLinksFact;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Keeps {@code deploy_links_fact}: one row group an incident that deploys are linked to. */
@ApplicationScoped
public class DeployLinksProjection extends FactProjection<OfDeploy, DeployLinksFact> {

    DeployLinksProjection() {
        super(
                "metrics-deploy-links",
                Topic.INCIDENT_EVENTS,
                OfDeploy.class,
                new HistoryRows.Table(
                        "deploy_links_fact",
                        "incident_id",
                        List.of(new Column("linked", Type.UUIDS), new Column("confirmed", Type.UUIDS))));
    }

    @Override
    DeployLinksFact state(Row row) {
        Set<UUID> confirmed = new TreeSet<>(List.of(row.getArrayOfUUIDs("confirmed")));
        Set<UUID> suspected = new TreeSet<>(List.of(row.getArrayOfUUIDs("linked")));
        suspected.removeAll(confirmed);
        return new DeployLinksFact(suspected, confirmed);
    }

    @Override
    DeployLinksFact evolve(@Nullable DeployLinksFact before, Recorded<OfDeploy> recorded) {
        return DeployLinksFact.evolve(before, recorded);
    }

    @Override
    Map<String, @Nullable Object> columns(DeployLinksFact fact) {
        Map<String, @Nullable Object> columns = new HashMap<>();
        columns.put("linked", sorted(Stream.concat(fact.suspected().stream(), fact.confirmed().stream())));
        columns.put("confirmed", sorted(fact.confirmed().stream()));
        return columns;
    }

    private static List<UUID> sorted(Stream<UUID> ids) {
        return ids.sorted().toList();
    }
}
