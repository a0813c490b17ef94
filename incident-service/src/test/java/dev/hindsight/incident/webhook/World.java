package dev.hindsight.incident.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.refusal.Refused;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.domain.Deploy;
import dev.hindsight.incident.domain.DeployCommand;
import dev.hindsight.incident.domain.Incident;
import dev.hindsight.incident.domain.Incident.NewFact;
import dev.hindsight.incident.domain.IncidentCommand;
import dev.hindsight.incident.webhook.AlertGrouping.Open;
import dev.hindsight.incident.webhook.AlertGrouping.Route;
import dev.hindsight.incident.webhook.Payloads.Row;
import dev.hindsight.incident.webhook.tool.ChatOrder;
import dev.hindsight.incident.webhook.tool.DeployReport;
import dev.hindsight.incident.webhook.tool.GenericMapping;
import dev.hindsight.incident.webhook.tool.Integration;
import dev.hindsight.incident.webhook.tool.Provider;
import dev.hindsight.incident.webhook.tool.ToolFact;
import dev.hindsight.incident.webhook.tool.ToolFact.OfAlert;
import dev.hindsight.incident.webhook.tool.ToolFact.OfChannel;
import dev.hindsight.incident.webhook.tool.ToolFact.OfIncident;
import dev.hindsight.incident.webhook.tool.Translation;
import dev.hindsight.incident.webhook.tool.Untranslatable;
import dev.hindsight.incident.webhook.verify.WebhookRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All incidents of one database, without one: what the intake does, by translation, grouping and decider alone. */
final class World {

    private final Map<UUID, Incident> incidents = new LinkedHashMap<>();
    private final Map<UUID, Deploy> deploys = new LinkedHashMap<>();
    private final Map<String, UUID> channels = new HashMap<>();
    private final Set<String> obeyed = new HashSet<>();
    private @Nullable WebhookRequest received;
    private final Map<UUID, List<NewFact>> facts = new LinkedHashMap<>();
    private final Map<String, Route> owners = new HashMap<>();
    private final Map<String, Long> turns = new HashMap<>();
    private final Map<String, UUID> declared = new HashMap<>();

    /** What became of a delivery, as the door says it; REJECTED for what is not authentic. */
    record Receipt(
            String outcome,
            List<UUID> incidents,
            List<UUID> deploys,
            @Nullable String because) {

        Receipt(String outcome, List<UUID> incidents, @Nullable String because) {
            this(outcome, incidents, List.of(), because);
        }
    }

    /** An integration of the door with the settings that the row asks for; those of one story are the same. */
    static Integration integration(Row row) {
        JsonNode settings = row.settings();
        Map<String, Severity> mapping = new TreeMap<>();
        settings.path("severityMapping")
                .properties()
                .forEach(word -> mapping.put(
                        word.getKey(), Severity.valueOf(word.getValue().asText())));
        return new Integration(
                UUID.nameUUIDFromBytes(row.group().getBytes(StandardCharsets.UTF_8)),
                provider(row),
                List.of(Sender.SECRET),
                settings.path("defaultService").isTextual()
                        ? settings.path("defaultService").asText()
                        : null,
                Severity.valueOf(settings.path("defaultSeverity").asText("SEV3")),
                mapping,
                settings.path("autoDeclare").asBoolean(true),
                Duration.ofMinutes(settings.path("groupingWindowMinutes").asInt(240)),
                settings.has("mapping")
                        ? Payloads.JSON.convertValue(settings.path("mapping"), GenericMapping.class)
                        : null);
    }

    private static Provider provider(Row row) {
        return Provider.named(Objects.requireNonNull(row.door()))
                .orElseThrow(() -> new AssertionError("no such door: " + row));
    }

    /** The row as a request that its tool signed. */
    static WebhookRequest request(Row row, Instant now) {
        return request(row, row.body(), now);
    }

    /** The same with another body, signed as well. */
    static WebhookRequest request(Row row, byte[] body, Instant now) {
        Provider door = provider(row);
        Map<String, String> headers = new TreeMap<>();
        headers.put("content-type", "application/json");
        Sender.headers(door.wireName(), Sender.SECRET, body, now)
                .forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
        row.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
        return new WebhookRequest("https://hindsight.example/webhooks/" + door.wireName(), headers, null, body, now);
    }

    Receipt deliver(Integration integration, WebhookRequest request) {
        received = request;
        var adapter = integration.provider().adapter();
        var verdict = adapter.verification(integration).judge(request, integration.secrets());
        if (!verdict.isAuthentic()) {
            return new Receipt("REJECTED", List.of(), verdict.because());
        }
        Translation translation;
        try {
            translation = adapter.translate(integration, request);
        } catch (Untranslatable e) {
            return new Receipt("PARKED", List.of(), e.getMessage());
        }
        if (translation.order() != null) {
            return obey(integration, translation, translation.order());
        }
        if (!translation.deploys().isEmpty()) {
            return record(integration, translation.deploys());
        }
        if (translation.facts().isEmpty()) {
            return new Receipt("IGNORED", List.of(), translation.because());
        }
        return record(integration, translation);
    }

    private Receipt obey(Integration integration, Translation translation, ChatOrder order) {
        UUID id = order.declares()
                ? StreamIds.incident(integration.id(), translation.deliveryKey())
                : order.reference() == null ? channels.get(order.channel().id()) : null;
        List<IncidentCommand> commands =
                order.commands("INC-0", Objects.requireNonNull(received).receivedAt());
        if (id == null || commands.isEmpty()) {
            return new Receipt("IGNORED", id == null ? List.of() : List.of(id), "nothing to do");
        }
        if (!obeyed.add(translation.deliveryKey())) {
            return new Receipt("DUPLICATE", List.of(id), null);
        }
        Incident incident = incidents.getOrDefault(id, Incident.UNKNOWN);
        List<NewFact> decided = new ArrayList<>();
        try {
            for (IncidentCommand command : commands) {
                List<NewFact> facts = Incident.decide(incident, command, order.person());
                incident = incident.taking(facts);
                decided.addAll(facts);
            }
        } catch (Refused e) {
            return new Receipt("IGNORED", List.of(id), e.getMessage());
        }
        incidents.put(id, incident);
        facts.computeIfAbsent(id, ignored -> new ArrayList<>()).addAll(decided);
        if (order.wish() instanceof ChatOrder.Wish.Declare || order.wish() instanceof ChatOrder.Wish.Link) {
            channels.put(order.channel().id(), id);
        }
        return new Receipt(decided.isEmpty() ? "DUPLICATE" : "APPLIED", List.of(id), null);
    }

    private Receipt record(Integration integration, List<DeployReport> reports) {
        Set<UUID> told = new LinkedHashSet<>();
        boolean news = false;
        for (DeployReport report : reports) {
            UUID id = report.deployId(integration);
            Deploy before = deploys.getOrDefault(id, Deploy.UNKNOWN);
            DeployCommand.Report command = report.command(integration);
            news |= !Deploy.decide(before, command).isEmpty();
            deploys.put(id, before.taking(command));
            told.add(id);
        }
        return new Receipt(news ? "APPLIED" : "DUPLICATE", List.of(), List.copyOf(told), null);
    }

    private Receipt record(Integration integration, Translation translation) {
        List<OfAlert> alerts = translation.facts().stream()
                .filter(OfAlert.class::isInstance)
                .map(OfAlert.class::cast)
                .toList();
        AlertGrouping known = new AlertGrouping(owners, new HashMap<>(), open(), turns, Map.of());
        owners.values().stream()
                .filter(route -> incident(route.incident()).lifecycle().status().isOngoing())
                .forEach(known::runs);
        Map<String, Route> routes = known.routes(integration, alerts);
        Set<UUID> told = new LinkedHashSet<>();
        boolean news = false;
        boolean onlyAttached = true;
        for (ToolFact said : translation.facts()) {
            ToolFact fact = said;
            UUID id;
            String externalId;
            switch (said) {
                case OfIncident of -> {
                    id = StreamIds.incident(integration.id(), of.externalId());
                    externalId = of.externalId();
                    onlyAttached = false;
                }
                case OfChannel of -> {
                    id = channels.get(of.channel());
                    externalId = of.channel();
                    onlyAttached = false;
                }
                case OfAlert of -> {
                    Route route = routes.get(of.alert().key());
                    id = route.incident();
                    externalId = route.occurrence();
                    fact = of.of(externalId);
                    onlyAttached &= !route.declares();
                }
            }
            if (id != null) {
                told.add(id);
                news |= observe(id, integration, fact, externalId, translation.actor());
            }
        }
        if (told.isEmpty()) {
            return new Receipt("IGNORED", List.of(), "no open incident takes the alert");
        }
        return new Receipt(!news ? "DUPLICATE" : onlyAttached ? "ATTACHED" : "APPLIED", List.copyOf(told), null);
    }

    private boolean observe(UUID id, Integration integration, ToolFact fact, String externalId, @Nullable UUID actor) {
        Incident before = incidents.getOrDefault(id, Incident.UNKNOWN);
        List<NewFact> decided = Incident.decide(before, fact.command(integration, externalId, "INC-0", actor), null);
        Incident after = before.taking(decided);
        incidents.put(id, after);
        facts.computeIfAbsent(id, ignored -> new ArrayList<>()).addAll(decided);
        if (fact instanceof OfAlert of && !before.facts().knows(of.alert().key())) {
            owners.put(
                    of.alert().key(),
                    new Route(
                            id,
                            after.sources().contains(of.alert().key()),
                            null,
                            of.alert().key()));
            if (!before.exists()) {
                turns.merge(of.scope(integration), 1L, Long::sum);
                declared.put(of.scope(integration), id);
            }
        }
        return !decided.isEmpty();
    }

    private List<Open> open() {
        List<Open> open = new ArrayList<>();
        incidents.forEach((id, incident) -> {
            Incident.Declaration declaration = incident.declaration();
            Instant declaredAt = incident.lifecycle().milestones().declared();
            if (declaration != null
                    && declaredAt != null
                    && declaration.kind() == IncidentKind.REAL
                    && incident.lifecycle().status().isOngoing()) {
                open.add(new Open(id, scopes(id, incident), declaredAt));
            }
        });
        return open;
    }

    private List<String> scopes(UUID id, Incident incident) {
        return incident.currentServices().isEmpty()
                ? declared.entrySet().stream()
                        .filter(scope -> scope.getValue().equals(id))
                        .map(Map.Entry::getKey)
                        .toList()
                : incident.currentServices();
    }

    Incident incident(UUID id) {
        return Objects.requireNonNull(incidents.get(id));
    }

    Map<UUID, Incident> incidents() {
        return incidents;
    }

    /** What an incident's stream tells, whatever the order in which it was told: without standing and version. */
    List<String> told(UUID id) {
        return facts.getOrDefault(id, List.of()).stream()
                // A provisional declaration only repeats what its signal says, until the real one comes.
                .filter(fact -> !(fact.event() instanceof IncidentEvent.Declared declared && declared.provisional()))
                .map(World::text)
                .sorted()
                .toList();
    }

    private static String text(NewFact fact) {
        String event = fact.event().toString();
        return fact.occurredAt() + " " + fact.sourceOrder() + " " + fact.factId() + " " + fact.person() + " "
                + event.substring(0, event.indexOf("standing=Standing["));
    }

    Map<UUID, Deploy> deploys() {
        return deploys;
    }

    /** The incidents and deploys as a row of a table says them. */
    String states(Receipt receipt) {
        return Stream.concat(
                        receipt.incidents().stream().map(id -> state(incident(id))),
                        receipt.deploys().stream().map(id -> state(Objects.requireNonNull(deploys.get(id)))))
                .sorted()
                .reduce((a, b) -> a + "; " + b)
                .orElse("");
    }

    private static String state(Incident incident) {
        return state(
                incident.lifecycle().status().name(),
                incident.lifecycle().reopenings(),
                incident.severity().name(),
                incident.currentServices(),
                incident.currentTitle());
    }

    private static String state(Deploy deploy) {
        return deploy(
                deploy.state().name(),
                deploy.change().service(),
                deploy.change().ref(),
                deploy.change().environment(),
                deploy.production());
    }

    static String deploy(String state, String service, @Nullable String ref, String environment, boolean production) {
        return "deploy " + state + " " + service + " " + ref + " to " + environment
                + (production ? "" : " (not production)");
    }

    static String state(String status, int reopenings, String severity, List<String> services, String title) {
        return status + (reopenings == 0 ? "" : "×" + reopenings) + " " + severity + " " + services + " "
                + title.replaceAll("[|;\\s]+", " ").strip();
    }
}
