package dev.hindsight.incident.view;

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
import org.jspecify.annotations.Nullable;

/** Which deploys and chat channels belong to an incident; written by the statement that appends, by whoever links. */
public final class LinkRows {

    private static final String DEPLOYS = """
            insert into deploy_link (incident_id, deploy_id, verdict)
            select * from unnest($1::uuid[], $2::uuid[], $3::text[]) order by 1, 2
            on conflict (incident_id, deploy_id) do update set verdict = excluded.verdict""";

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
        List<UUID> deployIncidents = new ArrayList<>();
        List<UUID> deploys = new ArrayList<>();
        List<String> verdicts = new ArrayList<>();
        List<UUID> channelIncidents = new ArrayList<>();
        List<ChatChannel> channels = new ArrayList<>();
        List<OffsetDateTime> linkedAt = new ArrayList<>();
        for (Loaded<Incident> loaded : after) {
            Incident was = known.getOrDefault(loaded.streamId(), Incident.UNKNOWN);
            Incident is = loaded.state();
            // The same object means that nothing was linked: a storm of alerts compares nothing.
            if (is.deploys() != was.deploys()) {
                new TreeMap<>(is.deploys()).forEach((deploy, link) -> {
                    DeployLink old = was.deploys().get(deploy);
                    if (old == null || old.verdict() != link.verdict()) {
                        deployIncidents.add(loaded.streamId());
                        deploys.add(deploy);
                        verdicts.add(link.verdict().name());
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
        if (!deploys.isEmpty()) {
            parts.add(StatementPart.ofRows(
                    "view_deploy_link",
                    DEPLOYS,
                    List.of(
                            deployIncidents.toArray(UUID[]::new),
                            deploys.toArray(UUID[]::new),
                            verdicts.toArray(String[]::new))));
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

    /** All rows of an incident in {@code deploy_link}. */
    public static List<Map<String, @Nullable Object>> deploys(Loaded<Incident> loaded) {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        loaded.state().deploys().forEach((deploy, link) -> {
            Map<String, @Nullable Object> row = new HashMap<>();
            row.put("incident_id", loaded.streamId());
            row.put("deploy_id", deploy);
            row.put("verdict", link.verdict());
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
