package dev.hindsight.incident.webhook.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Observed;
import dev.hindsight.incident.application.Learned;
import dev.hindsight.incident.domain.Signal;
import dev.hindsight.incident.webhook.verify.SharedSecret;
import dev.hindsight.incident.webhook.verify.SplunkOnCallSignature;
import dev.hindsight.incident.webhook.verify.Verification;
import dev.hindsight.incident.webhook.verify.WebhookRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Splunk On-Call, once VictorOps, of which several names remain: its custom outbound webhooks, and the webhooks that an
 * escalation policy calls.
 *
 * <p>Outbound webhooks are a template of the operator's, here with all variables: flat fields such as
 * {@code INCIDENT.CURRENT_PHASE} whose case is mixed, or the same as objects, where a relay made such of them. Nothing is
 * signed; a header carries the secret. The phase counts: UNACKED is open, ACKED acknowledged, RESOLVED over. What
 * {@code STATE.*} says can be older than the phase: a resolution that it does not know of happened when it was heard of.
 * Times are milliseconds, as number or text. A resolution also tells who acknowledged, and when.
 *
 * <p>Escalation webhooks are forms whose values stand in double quotes, signed over the address and all fields; they say that
 * an incident was escalated, and nothing ever of its end.
 */
final class SplunkOnCall implements ToolAdapter {

    private static final String TOOL = "victorops";
    private static final Observed NOTHING_SEEN = new Observed(null, null, List.of(), null, null);
    private static final Verification EITHER = Verification.anyOf(new SplunkOnCallSignature(), new SharedSecret());

    @Override
    public Verification verification(Integration integration) {
        return EITHER;
    }

    @Override
    public Translation translate(Integration integration, WebhookRequest request) {
        if (request.isForm() && !request.form().containsKey("payload")) {
            return escalation(integration, request);
        }
        NavigableMap<String, JsonNode> variables = new TreeMap<>();
        flatten("", Bodies.object(request), variables);
        if (variables.keySet().stream()
                .noneMatch(name -> name.matches("(INCIDENT|ALERT|STATE|USER|CHAT|PAGING|ON_?CALL|TEAM)\\..*"))) {
            throw new Untranslatable(
                    "not a Splunk On-Call webhook: it has none of the variables, such as INCIDENT.INCIDENT_ID");
        }
        return new Reading(integration, request, variables).translation();
    }

    /** Names in upper case with dots, however deep they were. */
    private static void flatten(String prefix, JsonNode node, Map<String, JsonNode> into) {
        if (node.isObject()) {
            node.properties()
                    .forEach(field -> flatten(
                            (prefix.isEmpty() ? "" : prefix + ".")
                                    + field.getKey().toUpperCase(Locale.ROOT),
                            field.getValue(),
                            into));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                flatten(prefix + "." + i, node.get(i), into);
            }
        } else if (!node.asText().startsWith("${{")) {
            // A variable without a value may come as it stands in the template.
            into.put(prefix, node);
        }
    }

    /** What an escalation policy sends. */
    private static Translation escalation(Integration integration, WebhookRequest request) {
        Map<String, JsonNode> fields = new TreeMap<>();
        request.form().forEach((name, value) -> fields.put(name, TextNode.valueOf(unquoted(value))));
        String number = Fields.id(fields.getOrDefault("incident", MissingNode.getInstance()));
        if (number == null) {
            throw new Untranslatable("not a Splunk On-Call webhook: the form has no field \"incident\"");
        }
        Learned learned = new Learned();
        String title = Fields.name(field(fields, "entity_display_name"), field(fields, "state_message"));
        String service = integration.defaultService();
        if (service != null) {
            learned.service(service, null, null, null);
        }
        Observed seen = new Observed(
                title,
                integration.severity(Fields.name(field(fields, "message_type"), field(fields, "alert_type"))),
                service == null ? List.of() : List.of(service),
                null,
                null);
        String said = Fields.text(field(fields, "state_message"));
        Instant at = request.receivedAt();
        return Translation.of(
                request.digest(),
                "Escalation",
                null,
                List.of(new ToolFact.OfIncident(
                        number,
                        request.digest(),
                        new Signal.Escalated(null, said == null ? "Escalated" : "Escalated: " + said, seen),
                        at,
                        1,
                        title == null ? "Splunk On-Call incident #" + number : title,
                        Fields.earlier(Fields.timeOr(field(fields, "vo_alert_rcv_time"), at), at))),
                learned);
    }

    private static JsonNode field(Map<String, JsonNode> fields, String name) {
        return fields.getOrDefault(name, MissingNode.getInstance());
    }

    private static String unquoted(String value) {
        return value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")
                ? value.substring(1, value.length() - 1)
                : value;
    }

    /** Somebody's acknowledgement, as the incident remembers it. */
    private record Ack(String by, Instant at) {}

    /** One outbound webhook with its variables. */
    private static final class Reading {

        private final Integration integration;
        private final WebhookRequest request;
        private final NavigableMap<String, JsonNode> variables;
        private final Learned learned = new Learned();
        private final List<ToolFact> facts = new ArrayList<>();

        Reading(Integration integration, WebhookRequest request, NavigableMap<String, JsonNode> variables) {
            this.integration = integration;
            this.request = request;
            this.variables = variables;
        }

        Translation translation() {
            String externalId = Fields.id(variable("INCIDENT.INCIDENT_ID"));
            String phase = Fields.name(variable("INCIDENT.CURRENT_PHASE"), variable("STATE.CURRENT_ALERT_PHASE"));
            if (externalId == null || phase == null) {
                return Translation.nothing(
                        request.digest(),
                        phase,
                        "the variables name no incident and its phase: on-call changes and chats");
            }
            Observed seen = observed(phase);
            List<Ack> acks = acks();
            String actor =
                    switch (phase) {
                        case "UNACKED" -> unacked(externalId, acks, seen);
                        case "ACKED" -> acked(externalId, acks, seen);
                        case "RESOLVED" -> resolved(externalId, acks, seen);
                        default -> {
                            add(
                                    externalId,
                                    request.digest(),
                                    request.receivedAt(),
                                    new Signal.Noted(phase, phase, null, seen));
                            yield null;
                        }
                    };
            return Translation.of(request.digest(), phase, actor == null ? null : person(actor), facts, learned);
        }

        private JsonNode variable(String name) {
            return variables.getOrDefault(name, MissingNode.getInstance());
        }

        private void add(String externalId, String key, Instant at, Signal signal) {
            facts.add(fact(externalId, key, at, signal));
        }

        private ToolFact.OfIncident fact(String externalId, String key, Instant at, Signal signal) {
            String title = title();
            return new ToolFact.OfIncident(
                    externalId,
                    key,
                    signal,
                    at,
                    order(signal),
                    title == null ? "Splunk On-Call incident #" + externalId : title,
                    Fields.earlier(Fields.timeOr(variable("INCIDENT.INCIDENT_TIMESTAMP"), at), at));
        }

        /** The trigger; or more alerts for an incident that is open, or one that an acknowledgement was taken back from. */
        private @Nullable String unacked(String externalId, List<Ack> acks, Observed seen) {
            String first = Fields.id(variable("INCIDENT.FIRST_ALERT_UUID"));
            String latest = Fields.id(variable("INCIDENT.LATEST_ALERT_UUID"));
            if (!acks.isEmpty()) {
                Instant acked = acks.getLast().at();
                Instant said = Fields.time(variable("INCIDENT.SEQUENCING.SERVICE_TIME"));
                add(
                        externalId,
                        request.digest(),
                        said != null && said.isAfter(acked) ? said : request.receivedAt(),
                        new Signal.Unacknowledged(seen));
                return null;
            }
            if (latest != null && !latest.equals(first)) {
                String message = Fields.text(variable("ALERT.STATE_MESSAGE"));
                add(
                        externalId,
                        externalId + "|alert|" + latest,
                        Fields.timeOr(variable("ALERT.VO_ALERT_RCV_TIME"), request.receivedAt()),
                        new Signal.Noted(
                                "Alert", message == null ? "Another alert" : "Another alert: " + message, null, seen));
                return null;
            }
            Instant began = Fields.timeOr(variable("INCIDENT.INCIDENT_TIMESTAMP"), request.receivedAt());
            add(externalId, externalId + "|triggered", began, new Signal.Triggered(seen));
            // Who is paged with the trigger; those that a policy turns to later come with no time of their own.
            for (Map.Entry<String, JsonNode> user : below("STATE.USERS_PAGED.").entrySet()) {
                String name = Fields.id(user.getValue());
                if (name != null) {
                    add(
                            externalId,
                            externalId + "|paged|" + name,
                            began,
                            new Signal.Paged(person(name), null, NOTHING_SEEN));
                }
            }
            return null;
        }

        private @Nullable String acked(String externalId, List<Ack> acks, Observed seen) {
            Ack ack = acks.isEmpty() ? null : acks.getLast();
            String by = ack == null ? user("STATE.ACKED_BY", "STATE.ACK_USER", "ALERT.ACK_AUTHOR") : ack.by();
            Instant at = ack == null ? Fields.timeOr(variable("STATE.ACK_TIMESTAMP"), request.receivedAt()) : ack.at();
            add(externalId, request.digest(), at, new Signal.Acknowledged(seen));
            return by;
        }

        private @Nullable String resolved(String externalId, List<Ack> acks, Observed seen) {
            boolean stateIsOlder =
                    !variable("STATE.CURRENT_ALERT_PHASE").asText("RESOLVED").equals("RESOLVED");
            Instant said = Fields.time(variable("STATE.RESOLVED_AT"));
            if (said == null && !stateIsOlder) {
                said = Fields.time(variable("STATE.LAST_TIMESTAMP"));
            }
            String message = stateIsOlder ? null : Fields.text(variable("ALERT.STATE_MESSAGE"));
            String by = user("STATE.RESOLVED_BY", "INCIDENT.USER");
            // "Resolved by <user>" is what it says where a person did it; their name stays out of the text.
            String text = message == null || by != null && message.contains(by) ? null : message;
            add(
                    externalId,
                    externalId + "|resolved",
                    said == null ? request.receivedAt() : said,
                    new Signal.Resolved(text, seen));
            for (Ack ack : acks) {
                facts.add(fact(
                                externalId,
                                externalId + "|acked|" + ack.by() + '|' + ack.at(),
                                ack.at(),
                                new Signal.Acknowledged(NOTHING_SEEN))
                        .by(person(ack.by())));
            }
            return by;
        }

        /** In the order in which they came. */
        private List<Ack> acks() {
            Map<Instant, Ack> acks = new TreeMap<>();
            variables.forEach((name, value) -> {
                if (name.endsWith(".ACKED_AT")) {
                    Instant at = Fields.time(value);
                    String by = user(name.substring(0, name.length() - "AT".length()) + "BY");
                    if (at != null && by != null) {
                        acks.put(at, new Ack(by, at));
                    }
                }
            });
            return List.copyOf(acks.values());
        }

        /** The first that names a person; the tool itself is SYSTEM. */
        private @Nullable String user(String... names) {
            for (String name : names) {
                String user = Fields.id(variable(name));
                if (user != null && !user.equals("SYSTEM")) {
                    return user;
                }
            }
            return null;
        }

        private UUID person(String user) {
            return learned.person(TOOL, user, user);
        }

        private SortedMap<String, JsonNode> below(String prefix) {
            return variables.subMap(prefix, prefix + Character.MAX_VALUE);
        }

        private @Nullable String title() {
            return Fields.name(
                    variable("INCIDENT.ENTITY_DISPLAY_NAME"),
                    variable("ALERT.ENTITY_DISPLAY_NAME"),
                    variable("STATE.SERVICE"),
                    variable("STATE.ENTITY_ID"));
        }

        private Observed observed(String phase) {
            UUID team = null;
            for (Map.Entry<String, JsonNode> policy :
                    below("INCIDENT.POLICIES_PAGED.").entrySet()) {
                String name = policy.getKey().endsWith(".TEAM.NAME") ? Fields.name(policy.getValue()) : null;
                if (name != null) {
                    String slug = policy.getKey().replaceFirst("NAME$", "SLUG");
                    team = learned.team(name, TOOL, Fields.id(variable(slug)));
                }
            }
            String service = service();
            if (service != null) {
                learned.service(service, team, null, null);
            }
            return new Observed(
                    title(),
                    integration.severity(Fields.name(variable("INCIDENT.ENTITY_STATE"))),
                    service == null ? List.of() : List.of(service),
                    switch (phase) {
                        case "UNACKED" -> IncidentStatus.OPEN;
                        case "ACKED" -> IncidentStatus.ACKNOWLEDGED;
                        case "RESOLVED" -> IncidentStatus.RESOLVED;
                        default -> null;
                    },
                    Fields.url(variable("STATE.INFO_URL")));
        }

        /** What a monitor watches; of an incident that a person created, the field only repeats its title. */
        private @Nullable String service() {
            String service = Fields.name(variable("INCIDENT.SERVICE"), variable("STATE.SERVICE"));
            boolean byHand = variable("INCIDENT.MONITOR_TYPE").asText().equalsIgnoreCase("manual");
            return service == null || byHand ? integration.defaultService() : service;
        }
    }

    private static int order(Signal signal) {
        return switch (signal) {
            case Signal.Triggered s -> 0;
            case Signal.Acknowledged s -> 2;
            case Signal.Resolved s -> 3;
            default -> 1;
        };
    }

    @Override
    public List<String> setupSteps(String url) {
        return List.of(
                "In Splunk On-Call, open Integrations > Outgoing Webhooks and choose Add Webhook.",
                "Choose the event Any-Incident, method POST and content type application/json, and paste " + url
                        + " as To.",
                "Under Custom Headers add Authorization with the value \"Bearer <the secret>\".",
                "As the payload take all variables of INCIDENT, ALERT and STATE; INCIDENT.INCIDENT_ID,"
                        + " INCIDENT.CURRENT_PHASE, INCIDENT.INCIDENT_TIMESTAMP and INCIDENT.ENTITY_DISPLAY_NAME are needed.",
                "Set defaultService here: an incident that a person creates there names no service.",
                "Escalation policies may call the same address (Integrations > Webhooks): store that webhook's auth key here as"
                        + " the secret of an integration of its own.");
    }
}
