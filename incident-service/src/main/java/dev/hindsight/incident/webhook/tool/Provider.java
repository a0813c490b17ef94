package dev.hindsight.incident.webhook.tool;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The tools whose webhooks are understood; the name in URLs and JSON is the lower-case one.
 *
 * <p>All are answered alike, once facts and delivery are durable: 202, also for what we do not know; 401 for what is not
 * authentic, 404 for an integration that is not there, 503 with Retry-After while the database is away. What a tool makes of
 * these is said with each.
 */
public enum Provider {

    /** Repeats after 5xx, 429 or 5 s for 48 h; any other 4xx drops the event for ever and, three in a row, the feed. */
    PAGERDUTY("PagerDuty", new PagerDuty()),

    /** Repeats after 5xx within the group interval; after a 4xx the group comes again with its next flush. */
    ALERTMANAGER("Prometheus Alertmanager", new Alertmanager()),

    /** Repeats nothing at once; the group comes again with its next flush. */
    GRAFANA("Grafana Alerting", new Grafana()),

    /** Documents neither repetition nor order. */
    OPSGENIE("Opsgenie", new Opsgenie()),

    /** Documents neither repetition nor order. */
    VICTOROPS("Splunk On-Call", new SplunkOnCall()),

    /** Repeats what is not answered 2xx for 24 h, in any order; after 5 days of failure it switches the endpoint off. */
    INCIDENT_IO("incident.io", new IncidentIo()),

    /** Documents no repetition of its own; people redeliver by hand. */
    ROOTLY("Rootly", new Rootly()),

    /** Documents neither repetition nor order. */
    FIREHYDRANT("FireHydrant", new FireHydrant()),

    /** Repeats after 5xx or 15 s, five times. */
    DATADOG("Datadog", new Datadog()),

    /** Ignores the answer's status: only a connection that fails is tried again. */
    GOALERT("GoAlert", new GoAlert()),

    /** Repeats status page events for some hours; says nothing about incidents. */
    BETTERSTACK("Better Stack", new BetterStack()),

    /** Wants an answer within 3 s. */
    ZENDUTY("Zenduty", new Zenduty()),

    /** Repeats whatever is not 2xx, also 4xx, three times. */
    SQUADCAST("Squadcast", new Squadcast()),

    /** Wants an answer within 3 s; repeats events three times, commands never. */
    SLACK("Slack", new Slack()),

    /** Never repeats by itself; people redeliver by hand. */
    GITHUB("GitHub", new GitHub()),

    /** Repeats nothing; four failures switch the hook off for a while, forty for good. */
    GITLAB("GitLab", new GitLab()),

    /** Any other tool: CloudEvents, or JSON with a mapping. */
    GENERIC("Any other tool", new Generic());

    private final String displayName;
    private final ToolAdapter adapter;

    Provider(String displayName, ToolAdapter adapter) {
        this.displayName = displayName;
        this.adapter = adapter;
    }

    /** What the tool's makers call it. */
    public String displayName() {
        return displayName;
    }

    /** What is known about its webhooks. */
    public ToolAdapter adapter() {
        return adapter;
    }

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<Provider> named(String wireName) {
        return Arrays.stream(values())
                .filter(provider -> provider.wireName().equals(wireName))
                .findFirst();
    }

    @JsonCreator
    static Provider fromWire(String wireName) {
        return named(wireName)
                .orElseThrow(() -> new IllegalArgumentException("provider must be one of "
                        + Arrays.stream(values()).map(Provider::wireName).collect(Collectors.joining(", "))));
    }
}
