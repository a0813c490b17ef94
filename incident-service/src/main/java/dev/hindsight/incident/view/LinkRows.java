package dev.hindsight.incident.view;

import dev.hindsight.eventstore.InlineView;
import dev.hindsight.eventstore.Loaded;
import dev.hindsight.eventstore.StatementPart;
import dev.hindsight.incident.domain.ChatChannel;
import dev.hindsight.incident.domain.DeployLink;
import dev.hindsight.incident.domain.Incident;
import dev.hindsight.incident.domain.Latest;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Which deploys and chat channels belong to an incident; written by the statement that appends, by whoever links. */
public final class LinkRows {

    public static final List<String> DEPLOY_COLUMNS = InlineView.columns(
            "incident_id", "deploy_id", "verdict", "deployed_at", "service", "environment", "ref", "revision", "url");

    private static final String DEPLOYS = """
            insert into deploy_link (%s)
            select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[],
                                 $8::text[], $9::text[]) order by 1, 2
            on conflict (incident_id, deploy_id) do update
            set verdict = excluded.verdict, deployed_at = excluded.deployed_at, service = excluded.service,
                environment = excluded.environment, ref = excluded.ref, revision = excluded.revision, url = excluded.url""".formatted(String.join(", ", DEPLOY_COLUMNS));

    private static final String CLEARED = """
            delete from deploy_link
            where (incident_id, deploy_id) in (select * from unnest($1::uuid[], $2::uuid[]))""";

    private static final String CHANNELS = """
            insert into incident_channel (incident_id, integration_id, channel, name, linked_at)
            select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[]) order by 1, 2, 3
            on conflict (incident_id, integration_id, channel) do update
            set name = excluded.name, linked_at = excluded.linked_at""";

    private LinkRows() {}

    /** The writes of what is linked otherwise than before; none for most events. */
    @SuppressWarnings("ReferenceEquality")
    public static List<StatementPart> changed(List<Loaded<Incident>> before, List<Loaded<Incident>> after) {
        Map<UUID, Incident> known = new HashMap<>();
        before.forEach(loaded -> known.put(loaded.streamId(), loaded.state()));
        List<OfDeploy> linked = new ArrayList<>();
        List<OfDeploy> cleared = new ArrayList<>();
        List<UUID> channelIncidents = new ArrayList<>();
        List<ChatChannel> channels = new ArrayList<>();
        List<OffsetDateTime> linkedAt = new ArrayList<>();
        for (Loaded<Incident> loaded : after) {
            Incident was = known.getOrDefault(loaded.streamId(), Incident.UNKNOWN);
            Incident is = loaded.state();
            // The same object means that nothing was linked: a storm of alerts compares nothing.
            if (is.deploys() != was.deploys()) {
                new TreeMap<>(is.deploys()).forEach((deploy, link) -> {
                    if (!link.equals(was.deploys().get(deploy))) {
                        linked.add(new OfDeploy(loaded.streamId(), deploy, link));
                    }
                });
                new TreeMap<>(was.deploys()).forEach((deploy, link) -> {
                    if (!is.deploys().containsKey(deploy)) {
                        cleared.add(new OfDeploy(loaded.streamId(), deploy, link));
                    }
                });
            }
            if (is.channels() != was.channels()) {
                new TreeMap<>(is.channels()).forEach((key, link) -> {
                    if (!link.equals(was.channels().get(key))) {
                        channelIncidents.add(loaded.streamId());
                        channels.add(link.value());
                        linkedAt.add(link.at().atOffset(ZoneOffset.UTC));
                    }
                });
            }
        }
        List<StatementPart> parts = new ArrayList<>();
        if (!linked.isEmpty()) {
            parts.add(StatementPart.ofRows(
                    "view_deploy_link",
                    DEPLOYS,
                    List.of(
                            column(linked, UUID[]::new, OfDeploy::incident),
                            column(linked, UUID[]::new, OfDeploy::deploy),
                            column(linked, String[]::new, of -> of.link()
                                    .verdict()
                                    .name()),
                            column(linked, OffsetDateTime[]::new, of -> of.link()
                                    .deployedAt()
                                    .atOffset(ZoneOffset.UTC)),
                            column(linked, String[]::new, of -> of.link()
                                    .change()
                                    .service()),
                            column(linked, String[]::new, of -> of.link()
                                    .change()
                                    .environment()),
                            column(linked, String[]::new, of -> of.link()
                                    .change()
                                    .ref()),
                            column(linked, String[]::new, of -> of.link()
                                    .change()
                                    .revision()),
                            column(linked, String[]::new, of -> of.link()
                                    .change()
                                    .url()))));
        }
        if (!cleared.isEmpty()) {
            parts.add(StatementPart.ofRows(
                    "view_deploy_link_cleared",
                    CLEARED,
                    List.of(
                            column(cleared, UUID[]::new, OfDeploy::incident),
                            column(cleared, UUID[]::new, OfDeploy::deploy))));
        }
        if (!channels.isEmpty()) {
            parts.add(StatementPart.ofRows(
                    "view_incident_channel",
                    CHANNELS,
                    List.of(
                            channelIncidents.toArray(UUID[]::new),
                            channels.stream().map(ChatChannel::integration).toArray(UUID[]::new),
                            channels.stream().map(ChatChannel::id).toArray(String[]::new),
                            channels.stream().map(ChatChannel::name).toArray(String[]::new),
                            linkedAt.toArray(OffsetDateTime[]::new))));
        }
        return parts;
    }

    private record OfDeploy(UUID incident, UUID deploy, DeployLink link) {}

    private static <T> @Nullable T[] column(
            List<OfDeploy> rows, IntFunction<@Nullable T[]> array, Function<OfDeploy, @Nullable T> value) {
        return rows.stream().map(value).toArray(array);
    }

    /** All rows of an incident in {@code deploy_link}. */
    public static List<Map<String, @Nullable Object>> deploys(Loaded<Incident> loaded) {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        loaded.state().deploys().forEach((deploy, link) -> {
            Map<String, @Nullable Object> row = new HashMap<>();
            row.put("incident_id", loaded.streamId());
            row.put("deploy_id", deploy);
            row.put("verdict", link.verdict());
            row.put("deployed_at", link.deployedAt());
            row.put("service", link.change().service());
            row.put("environment", link.change().environment());
            row.put("ref", link.change().ref());
            row.put("revision", link.change().revision());
            row.put("url", link.change().url());
            rows.add(row);
        });
        return rows;
    }

    /** All rows of an incident in {@code incident_channel}. */
    public static List<Map<String, @Nullable Object>> channels(Loaded<Incident> loaded) {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (Latest<ChatChannel> link : loaded.state().channels().values()) {
            Map<String, @Nullable Object> row = new HashMap<>();
            row.put("incident_id", loaded.streamId());
            row.put("integration_id", link.value().integration());
            row.put("channel", link.value().id());
            row.put("name", link.value().name());
            row.put("linked_at", link.at());
            rows.add(row);
        }
        return rows;
    }
}
