package dev.hindsight.local;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The bodies that the tools of an invented web shop send: PagerDuty V3 webhooks and an Alertmanager version 4
 * notification, in the shape of the tools' own documentation, with names and ids of our own.
 */
final class DemoPayloads {
    static final String SERVICE = "checkout-api";
    private static final String TITLE = "Checkout answers 5xx for one order in four";

    private final String run;

    /** @param run distinguishes this play from the last one; part of every id a tool would have given */
    DemoPayloads(String run) {
        this.run = run;
    }

    Object triggered(Instant at) {
        return pagerDutyEvent("triggered", at, null, incident("triggered", at, at));
    }

    Object acknowledged(Instant triggeredAt, Instant at) {
        return pagerDutyEvent("acknowledged", at, "Mira Okafor", incident("acknowledged", triggeredAt, at));
    }

    Object annotated(Instant at, String note) {
        return pagerDutyEvent(
                "annotated",
                at,
                "Mira Okafor",
                Map.of(
                        "type",
                        "incident_note",
                        "id",
                        "PNOTE" + run,
                        "content",
                        note,
                        "trimmed",
                        false,
                        "incident",
                        reference("incident", "QDEMO" + run, TITLE)));
    }

    Object resolved(Instant triggeredAt, Instant at) {
        return pagerDutyEvent("resolved", at, "Mira Okafor", incident("resolved", triggeredAt, at));
    }

    Object alertFiring(Instant startsAt) {
        return alert("firing", startsAt, "0001-01-01T00:00:00Z");
    }

    Object alertResolved(Instant startsAt, Instant endsAt) {
        return alert("resolved", startsAt, endsAt.toString());
    }

    private Object alert(String status, Instant startsAt, String endsAt) {
        var labels = Map.of(
                "alertname", "CheckoutErrorBudgetBurn",
                "service", SERVICE,
                "severity", "critical",
                "region", "north");
        var annotations = Map.of(
                "summary", "checkout-api burns its error budget 14 times too fast",
                "description", "26 % of the requests of the last 5 minutes failed.");
        return Map.of(
                "version",
                "4",
                "groupKey",
                "{}:{alertname=\"CheckoutErrorBudgetBurn\", demo=\"" + run + "\"}",
                "truncatedAlerts",
                0,
                "status",
                status,
                "receiver",
                "hindsight",
                "groupLabels",
                Map.of("alertname", "CheckoutErrorBudgetBurn"),
                "commonLabels",
                labels,
                "commonAnnotations",
                annotations,
                "externalURL",
                "http://alertmanager.shop.example:9093",
                "alerts",
                List.of(Map.of(
                        "status",
                        status,
                        "labels",
                        labels,
                        "annotations",
                        annotations,
                        "startsAt",
                        startsAt.toString(),
                        "endsAt",
                        endsAt,
                        "generatorURL",
                        "http://prometheus.shop.example:9090/graph?g0.expr=error_budget_burn",
                        "fingerprint",
                        run + "c0ffee")));
    }

    private Object incident(String status, Instant createdAt, Instant at) {
        var data = new java.util.LinkedHashMap<String, @Nullable Object>();
        data.putAll(reference("incident", "QDEMO" + run, TITLE));
        data.put("type", "incident");
        data.put("number", 1_000 + Math.floorMod(run.hashCode(), 9_000));
        data.put("status", status);
        data.put("incident_key", "checkout-5xx-" + run);
        data.put("created_at", createdAt.toString());
        data.put("title", TITLE);
        data.put("service", reference("service", "PSHOP01", SERVICE));
        data.put(
                "assignees",
                status.equals("resolved") ? List.of() : List.of(reference("user", "PMIRA01", "Mira Okafor")));
        data.put("escalation_policy", reference("escalation_policy", "PESC001", "Shop on call"));
        data.put("teams", List.of(reference("team", "PTEAM01", "Shop")));
        data.put("priority", reference("priority", "PPRIO01", "P1"));
        data.put("urgency", "high");
        data.put("conference_bridge", null);
        data.put("resolve_reason", null);
        data.put("incident_type", Map.of("name", "incident_default"));
        data.put("updated_at", at.toString());
        return data;
    }

    private Object pagerDutyEvent(String what, Instant at, @Nullable String person, Object data) {
        var event = new java.util.LinkedHashMap<String, @Nullable Object>();
        event.put("id", "01DEMO" + run + what.toUpperCase(java.util.Locale.ROOT));
        event.put("event_type", "incident." + what);
        event.put("resource_type", "incident");
        event.put("occurred_at", at.toString());
        event.put(
                "agent",
                person == null ? reference("service", "PSHOP01", SERVICE) : reference("user", "PMIRA01", person));
        event.put("client", null);
        event.put("data", data);
        return Map.of("event", event);
    }

    private static Map<String, Object> reference(String type, String id, String summary) {
        String collection = type.endsWith("y") ? type.substring(0, type.length() - 1) + "ies" : type + "s";
        return Map.of(
                "id", id,
                "type", type + "_reference",
                "summary", summary,
                "self", "https://api.pagerduty.example/" + collection + "/" + id,
                "html_url", "https://shop.pagerduty.example/" + collection + "/" + id);
    }
}
