package dev.hindsight.incident.webhook.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.hindsight.contract.Alert;
import dev.hindsight.contract.Observed;
import dev.hindsight.contract.Severity;
import dev.hindsight.incident.application.Learned;
import dev.hindsight.incident.domain.Alerts;
import dev.hindsight.incident.domain.Signal;
import dev.hindsight.incident.webhook.verify.SharedSecret;
import dev.hindsight.incident.webhook.verify.Verification;
import dev.hindsight.incident.webhook.verify.WebhookRequest;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Datadog's webhooks: one transition of one monitor in a template of the operator's, so that names of fields differ while the
 * values are Datadog's own, all of them text.
 *
 * <p>Nothing is signed; a custom header carries the secret. {@code $ID} names an event, and no two of a lifecycle have the
 * same. What is watched is {@code $AGGREG_KEY}, a monitor's group; else the monitor with its scope; else the title without its
 * transition. An occurrence is {@code $ALERT_CYCLE_KEY}; without it, it goes on until it recovers, and the order of arrival is
 * all that is known. Triggered, Warn and No Data fire; their repetitions are the same occurrence and count only where the
 * first never came. Recovered ends it, also where a person marked it so. A variable that Datadog did not know stays as it was
 * written, and is not said. The text is Markdown between fences; mentions of people are left out of it.
 */
final class Datadog implements ToolAdapter {

    private static final Set<String> FIRES = Set.of("triggered", "warn", "no data", "renotify");

    /** {@code [P2] [Re-Triggered on {host:web-1}] } before the monitor's name. */
    private static final Pattern IN_TITLE = Pattern.compile(
            "^((?:\\[P[1-5]]\\s*)?)\\[((?:Re-)?(?:Triggered|Warn|No Data|Recovered|Renotify))\\b[^]]*]\\s*");

    private static final Pattern MONITOR = Pattern.compile("https://[^\\s)\\]]{1,200}/monitors/[0-9]{1,20}");
    private static final Pattern PICTURE = Pattern.compile("\\[?!\\[[^]]*]\\([^)]*\\)(]\\([^)]*\\))?");
    private static final Pattern MENTION = Pattern.compile("(?<=^|\\s)@\\S+");

    @Override
    public Verification verification(Integration integration) {
        return new SharedSecret();
    }

    @Override
    public Translation translate(Integration integration, WebhookRequest request) {
        JsonNode body = Bodies.object(request);
        String title = said(body, "title", "event_title", "alert_title");
        String transition = said(body, "alert_transition", "transition");
        Matcher inTitle = IN_TITLE.matcher(title == null ? "" : title);
        if (transition == null && inTitle.find()) {
            transition = inTitle.group(2);
        }
        String id = said(body, "id", "event_id");
        if (transition == null && title == null && id == null) {
            throw new Untranslatable(
                    "not a Datadog webhook: the template fills neither \"alert_transition\" nor \"title\" nor \"id\"");
        }
        Instant date = date(body);
        // Two events of one template without id and date look alike, and are two.
        String key = id != null ? id : date != null ? request.digest() : request.digest() + '|' + request.receivedAt();
        String state =
                transition == null ? "" : transition.toLowerCase(Locale.ROOT).replaceFirst("^re-", "");
        boolean over = state.equals("recovered");
        if (!over && !FIRES.contains(state)) {
            return Translation.nothing(
                    key,
                    transition,
                    transition == null ? "an event of no monitor" : transition + " says nothing about an alert");
        }
        Learned learned = new Learned();
        ToolFact fact = fact(integration, body, title, over, date == null ? request.receivedAt() : date, learned);
        return Translation.of(key, transition, null, List.of(fact), learned);
    }

    private static ToolFact fact(
            Integration integration, JsonNode body, @Nullable String title, boolean over, Instant at, Learned learned) {
        String name = title == null ? "Datadog alert" : IN_TITLE.matcher(title).replaceFirst("");
        String fingerprint = fingerprint(body, name);
        String cycle = said(body, "alert_cycle_key", "cycle_key", "alert_cycle");
        String occurrence = cycle == null
                ? Alerts.occurrence(integration.id(), fingerprint, at)
                : Alerts.PREFIX + integration.id() + '|' + fingerprint + '|' + identity(cycle);
        String message = said(body, "body", "event_msg", "text_only_msg", "message");
        Alert alert = new Alert(
                occurrence, fingerprint, name, over || message == null ? null : readable(message), url(body, message));
        String service = service(integration, body);
        if (service != null) {
            learned.service(service, null, null, null);
        }
        Severity severity = integration.severity(said(body, "alert_priority", "priority", "severity"));
        if (severity == null) {
            severity = integration.severity(said(body, "alert_type"));
        }
        Observed seen = new Observed(name, severity, service == null ? List.of() : List.of(service), null, alert.url());
        return new ToolFact.OfAlert(
                alert,
                service,
                severity,
                occurrence + (over ? "|resolved" : "|firing"),
                over ? new Signal.AlertResolved(alert, seen) : new Signal.AlertFired(alert, seen),
                at,
                over ? 1 : 0,
                name,
                at,
                cycle != null);
    }

    /** The first of the fields that Datadog filled in. */
    private static @Nullable String said(JsonNode body, String... fields) {
        for (String field : fields) {
            String text = Fields.text(body.path(field));
            if (text != null && !text.startsWith("$") && !text.equalsIgnoreCase("null")) {
                return text;
            }
        }
        return null;
    }

    private static @Nullable Instant date(JsonNode body) {
        Instant date = Fields.time(body.path("date"));
        return date != null ? date : Fields.time(body.path("last_updated"));
    }

    private static String fingerprint(JsonNode body, String name) {
        String aggregate = said(body, "aggreg_key", "aggregate", "aggregate_key", "aggregation_key");
        if (aggregate != null) {
            return identity(aggregate);
        }
        String monitor = said(body, "monitor_id", "alert_id");
        String scope = said(body, "scopes", "scope", "alert_scope");
        return identity((monitor == null ? name : "monitor-" + monitor) + (scope == null ? "" : "-" + scope));
    }

    /** Scopes list hosts and grow long; what begins alike is not the same. */
    private static String identity(String text) {
        return Fields.idOr(TextNode.valueOf(text), text);
    }

    /** A field of that name, else a tag {@code service:…} of the event or of what it is about. */
    private static @Nullable String service(Integration integration, JsonNode body) {
        String field = said(body, "service");
        if (field != null) {
            return Fields.shortened(field);
        }
        for (String tags : new String[] {"tags", "scopes", "scope", "alert_scope"}) {
            String all = said(body, tags);
            for (String tag : all == null ? new String[0] : all.split("\\s*,\\s*", -1)) {
                if (tag.startsWith("service:") && tag.length() > "service:".length()) {
                    return Fields.shortened(tag.substring("service:".length()));
                }
            }
        }
        return integration.defaultService();
    }

    private static @Nullable String url(JsonNode body, @Nullable String message) {
        for (String field : List.of("url", "link", "alert_url")) {
            String url = Fields.url(body.path(field));
            if (url != null) {
                return url;
            }
        }
        Matcher monitor = MONITOR.matcher(message == null ? "" : message);
        return monitor.find() ? monitor.group() : null;
    }

    /** Without fences, pictures, mentions and the links below the rule. */
    private static @Nullable String readable(String markdown) {
        String text = markdown.replace("%%%", "");
        int rule = text.indexOf("\n- - -");
        text = rule < 0 ? text : text.substring(0, rule);
        text = MENTION.matcher(PICTURE.matcher(text).replaceAll("")).replaceAll("");
        text = text.replaceAll("\n{3,}", "\n\n").strip();
        return text.isEmpty() ? null : text;
    }

    @Override
    public List<String> setupSteps(String url) {
        return List.of(
                "In Datadog, open Integrations > Webhooks and choose New.",
                "Give it a name such as hindsight and paste " + url + " as the URL.",
                "As payload take {\"id\": \"$ID\", \"alert_cycle_key\": \"$ALERT_CYCLE_KEY\", \"aggreg_key\": \"$AGGREG_KEY\","
                        + " \"alert_transition\": \"$ALERT_TRANSITION\", \"title\": \"$EVENT_TITLE\", \"date\": \"$DATE\","
                        + " \"alert_priority\": \"$ALERT_PRIORITY\", \"alert_type\": \"$ALERT_TYPE\", \"scope\": \"$ALERT_SCOPE\","
                        + " \"tags\": \"$TAGS\", \"url\": \"$LINK\", \"body\": \"$EVENT_MSG\"}."
                        + " Without $ALERT_CYCLE_KEY an alert that fires again cannot be told from one that goes on.",
                "Choose Custom Headers: {\"Authorization\": \"Bearer <the secret>\"}.",
                "Write @webhook-hindsight into the message of the monitors that shall come here, and tag them service:<name>, or"
                        + " set defaultService here.",
                "Choose Test Notifications in a monitor: the delivery appears under GET /api/v1/deliveries.");
    }
}
