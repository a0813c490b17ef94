package dev.hindsight.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One incident of an invented web shop, from the page to the published postmortem, only through the public doors: the
 * webhooks with the tools' own authentication, the APIs with a token. {@link #play()} is the story, one line a step.
 */
final class Demo {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final JsonMapper JSON = new JsonMapper();

    private final String incidents;
    private final String postmortems;
    private final String actionItems;
    private final String metrics;
    private final LocalIdentity identity;
    private final PrintStream out;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    /** A step got another answer than it needs; the message has the status and the problem. */
    static final class StepFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StepFailed(String message) {
            super(message);
        }
    }

    Demo(int basePort, LocalIdentity identity, PrintStream out) {
        this.incidents = Service.INCIDENT.url(basePort);
        this.postmortems = Service.POSTMORTEM.url(basePort);
        this.actionItems = Service.ACTION_ITEM.url(basePort);
        this.metrics = Service.METRICS.url(basePort);
        this.identity = identity;
        this.out = out;
    }

    void play() {
        String run = random(4);
        var tools = new DemoPayloads(run);
        String secret = random(24);
        Instant paged = Instant.now().minus(40, ChronoUnit.MINUTES).truncatedTo(ChronoUnit.MILLIS);
        Instant acknowledged = paged.plusSeconds(3 * 60 + 12);
        Instant alerted = paged.plusSeconds(4 * 60 + 5);
        Instant decided = paged.plusSeconds(14 * 60);
        Instant resolved = paged.plusSeconds(31 * 60 + 48);

        out.println("\nThe demo: an incident of an invented web shop, through the public doors.\n");

        // The tools are connected.
        String pagerDuty = connect("PagerDuty demo " + run, "pagerduty", secret);
        String alertmanager = connect("Alertmanager demo " + run, "alertmanager", secret);

        // The incident, as the tools tell it.
        JsonNode declared = pagerDuty(pagerDuty, secret, "PagerDuty pages: triggered, P1", tools.triggered(paged));
        String incident = declared.at("/incidents/0").asText();
        pagerDuty(pagerDuty, secret, "PagerDuty: acknowledged", tools.acknowledged(paged, acknowledged));
        step(
                "Alertmanager fires for the same service (bearer secret)",
                call("POST", incidents, webhook("alertmanager", alertmanager))
                        .header("Authorization", "Bearer " + secret)
                        .body(tools.alertFiring(alerted))
                        .expect(202));

        // The incident, as the people drive it.
        step(
                "Mira takes command",
                command(
                        incident,
                        "roles",
                        Map.of(
                                "role",
                                "INCIDENT_COMMANDER",
                                "person",
                                "Mira Okafor",
                                "occurredAt",
                                acknowledged.plusSeconds(40).toString())));
        for (Map.Entry<String, String> role : Map.of("OPERATIONS", "Ines Halloran", "COMMUNICATIONS", "Tomasz Brandt")
                .entrySet()) {
            step(
                    role.getValue() + " takes " + role.getKey().toLowerCase(Locale.ROOT),
                    command(
                            incident,
                            "roles",
                            Map.of(
                                    "role",
                                    role.getKey(),
                                    "person",
                                    role.getValue(),
                                    "occurredAt",
                                    acknowledged.plusSeconds(95).toString())));
        }
        step(
                "A decision is recorded",
                command(
                        incident,
                        "decisions",
                        Map.of(
                                "text",
                                "Roll back release 2026.47 of checkout-api instead of fixing forward: the rollback was rehearsed last month.",
                                "occurredAt",
                                decided.toString())));
        pagerDuty(
                pagerDuty,
                secret,
                "PagerDuty: annotated",
                tools.annotated(
                        decided.plusSeconds(50),
                        "Rollback of checkout-api 2026.47 started; the pool of database connections is exhausted."));
        step(
                "Alertmanager: the alert ended",
                call("POST", incidents, webhook("alertmanager", alertmanager))
                        .header("Authorization", "Bearer " + secret)
                        .body(tools.alertResolved(alerted, resolved.minusSeconds(70)))
                        .expect(202));
        step(
                "The impact in numbers",
                command(
                        incident,
                        "impact",
                        Map.of(
                                "impact",
                                Map.of("usersAffected", 1840, "requestsFailed", 12600, "errorRatePercent", 24),
                                "occurredAt",
                                resolved.toString())));
        pagerDuty(pagerDuty, secret, "PagerDuty: resolved", tools.resolved(paged, resolved));

        // The postmortem opens by itself.
        JsonNode draft = await(
                "The draft opens by itself",
                postmortems,
                "/api/v1/postmortems/" + incident,
                body -> body.hasNonNull("id"));
        String postmortem = draft.get("id").asText();
        section(
                postmortem,
                "summary",
                "Checkout answered 5xx for about one order in four for 32 minutes after release 2026.47. "
                        + "The release opened a database connection per request and exhausted the pool; rolling it back ended it.");
        section(
                postmortem,
                "customer-impact",
                "1,840 customers saw an error page at payment; 12,600 requests failed. "
                        + "No order was charged twice. 310 customers had not come back an hour later.");
        section(
                postmortem,
                "went-well",
                "The page arrived 70 seconds after the first failed order. The rollback had been rehearsed and took 6 minutes.");
        section(
                postmortem,
                "went-poorly",
                "The error budget alert arrived after the page. For 9 minutes the database was suspected, "
                        + "because the dashboard shows connections of all services as one number.");
        section(
                postmortem,
                "learnings",
                "The load test runs with 20 clients, and the pool has 32 connections: it could not have shown the exhaustion.");
        step(
                "A contributing factor: how the load is tested",
                editor("POST", postmortems, "/api/v1/postmortems/" + postmortem + "/factors")
                        .body(Map.of(
                                "category",
                                "PROCESS",
                                "text",
                                "The load test of a release stays below the size of the connection pool."))
                        .expect(200, 201));
        step(
                "A contributing factor: what the dashboard hides",
                editor("POST", postmortems, "/api/v1/postmortems/" + postmortem + "/factors")
                        .body(Map.of(
                                "category",
                                "TOOLING",
                                "text",
                                "Connections are shown for all services together, so no service stands out."))
                        .expect(200, 201));

        // What will be different.
        item(
                incident,
                postmortem,
                "Load test checkout-api with 64 clients before every release",
                Map.of(
                        "kind", "CONFIGURATION",
                        "description",
                                "The release pipeline runs the load test with 64 clients and fails when the pool waits"),
                "Ines Halloran",
                14,
                List.of("HIGH", "PREVENTATIVE", "GUARDRAIL", "LIKELIHOOD"),
                Map.of(
                        "kind", "TEST",
                        "description", "The pipeline fails for a build that opens one connection per request"));
        item(
                incident,
                postmortem,
                "Show database connections per service on the checkout dashboard",
                Map.of(
                        "kind", "MONITOR",
                        "description",
                                "A panel of pg_stat_activity by application_name, with the pool's limit as a line"),
                "Tomasz Brandt",
                21,
                List.of("MEDIUM", "MITIGATIVE", "DETECTION", "FASTER_DETECTION"),
                Map.of(
                        "kind", "DRILL",
                        "description", "In the next game day the service that leaks is named within two minutes"));

        // Reviewed and published.
        for (String act : List.of("review", "approval", "publication")) {
            step(
                    "Postmortem: " + act,
                    admin("POST", postmortems, "/api/v1/postmortems/" + postmortem + "/" + act)
                            .body(Map.of())
                            .expect(200, 201));
        }
        await(
                "The metrics know it",
                metrics,
                "/api/v1/metrics/time_to_restore?service=" + DemoPayloads.SERVICE,
                body -> body.at("/groups/0/n").asInt() > 0);

        String markdown = admin("GET", postmortems, "/api/v1/postmortems/" + postmortem)
                .header("Accept", "text/markdown")
                .expect(200)
                .body();
        out.println("\n" + "-".repeat(100) + "\n" + markdown.strip() + "\n" + "-".repeat(100));
        out.println(
                "\nWhere to look next (TOKEN=$(deploy/token admin); curl -H \"Authorization: Bearer $TOKEN\" URL):");
        out.println("  the incident        " + incidents + "/api/v1/incidents/" + incident);
        out.println("  its raw events      " + incidents + "/api/v1/incidents/" + incident + "/events");
        out.println("  what the tools sent " + incidents + "/api/v1/deliveries");
        out.println("  its timeline        " + postmortems + "/api/v1/timelines/" + incident);
        out.println("  the postmortem      " + postmortems + "/api/v1/postmortems/" + postmortem);
        out.println("  its action items    " + actionItems + "/api/v1/action-items?incident=" + incident);
        out.println("  its burndown        " + actionItems + "/api/v1/burndown?postmortem=" + postmortem);
        out.println("  time to restore     " + metrics + "/api/v1/metrics/time_to_restore?groupBy=service");
    }

    private String connect(String name, String provider, String secret) {
        JsonNode integration = step(
                "Connect " + provider,
                admin("POST", incidents, "/api/v1/integrations")
                        .body(Map.of(
                                "name",
                                name,
                                "provider",
                                provider,
                                "secret",
                                secret,
                                "defaultService",
                                DemoPayloads.SERVICE))
                        .expect(201));
        return integration.get("id").asText();
    }

    private JsonNode pagerDuty(String integration, String secret, String what, Object payload) {
        byte[] body = bytes(payload);
        return step(
                what + " (signed)",
                call("POST", incidents, webhook("pagerduty", integration))
                        .header("X-PagerDuty-Signature", "v1=" + hmac(secret, body))
                        .header("X-Webhook-Id", "demo-" + random(8))
                        .raw(body)
                        .expect(202));
    }

    private static String webhook(String provider, String integration) {
        return "/webhooks/" + provider + "/" + integration;
    }

    private Answer command(String incident, String what, Map<String, ?> body) {
        return responder("POST", incidents, "/api/v1/incidents/" + incident + "/" + what)
                .body(body)
                .expect(200, 201);
    }

    private void section(String postmortem, String section, String text) {
        String path = "/api/v1/postmortems/" + postmortem + "/sections/" + section;
        // The section's own version where it has one, else the document's.
        Answer current = editor("GET", postmortems, path).send();
        if (current.status() != 200) {
            current = editor("GET", postmortems, "/api/v1/postmortems/" + postmortem)
                    .expect(200);
        }
        step(
                "Section " + section,
                editor("PUT", postmortems, path)
                        .header("If-Match", current.eTag())
                        .body(Map.of("text", text))
                        .expect(200, 201));
    }

    /** @param judged priority, type, category and risk */
    private void item(
            String incident,
            String postmortem,
            String title,
            Map<String, String> change,
            String owner,
            int days,
            List<String> judged,
            Map<String, String> verification) {
        JsonNode item = step(
                "Action item: " + title,
                editor("POST", actionItems, "/api/v1/action-items")
                        .body(Map.ofEntries(
                                Map.entry("incidentId", incident),
                                Map.entry("postmortemId", postmortem),
                                Map.entry("title", title),
                                Map.entry("change", change),
                                Map.entry("owner", owner),
                                Map.entry(
                                        "dueDate",
                                        LocalDate.now(ZoneOffset.UTC)
                                                .plusDays(days)
                                                .toString()),
                                Map.entry("priority", judged.get(0)),
                                Map.entry("type", judged.get(1)),
                                Map.entry("category", judged.get(2)),
                                Map.entry("risk", judged.get(3)),
                                Map.entry("verification", verification)))
                        .expect(201));
        String id = item.get("id").asText();
        step(
                "… accepted, as it meets the quality bar",
                editor("POST", actionItems, "/api/v1/action-items/" + id + "/acceptance")
                        .body(Map.of())
                        .expect(200, 201));
    }

    private JsonNode await(String what, String service, String path, Predicate<JsonNode> there) {
        Instant begin = Instant.now();
        Answer answer;
        do {
            answer = admin("GET", service, path).send();
            if (answer.status() == 200 && there.test(answer.json())) {
                out.printf(
                        "  %-70s after %d ms%n",
                        what, Duration.between(begin, Instant.now()).toMillis());
                return answer.json();
            }
            Pause.millis(100);
        } while (Duration.between(begin, Instant.now()).compareTo(PATIENCE) < 0);
        throw new StepFailed(what + ": not within " + PATIENCE.toSeconds() + " s; the last answer was\n" + answer);
    }

    private JsonNode step(String what, Answer answer) {
        out.printf("  %-70s %d%n", what, answer.status());
        return answer.body().isBlank() ? JSON.createObjectNode() : answer.json();
    }

    private Call admin(String method, String service, String path) {
        return call(method, service, path).as("admin");
    }

    private Call editor(String method, String service, String path) {
        return call(method, service, path).as("editor");
    }

    private Call responder(String method, String service, String path) {
        return call(method, service, path).as("responder");
    }

    private Call call(String method, String service, String path) {
        return new Call(method, URI.create(service + path));
    }

    /** One request, and what it must answer. */
    private final class Call {
        private final String method;
        private final URI uri;
        private final HttpRequest.Builder request;
        private HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.noBody();

        Call(String method, URI uri) {
            this.method = method;
            this.uri = uri;
            this.request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20));
        }

        Call as(String role) {
            return header("Authorization", "Bearer " + identity.token(role, "demo-" + role, Duration.ofMinutes(10)));
        }

        Call header(String name, String value) {
            request.header(name, value);
            return this;
        }

        Call body(Object json) {
            return raw(bytes(json));
        }

        Call raw(byte[] bytes) {
            body = HttpRequest.BodyPublishers.ofByteArray(bytes);
            return header("Content-Type", "application/json");
        }

        Answer send() {
            try {
                HttpResponse<String> response = http.send(
                        request.method(method, body).build(),
                        HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
                return new Answer(
                        method + " " + uri,
                        response.statusCode(),
                        response.headers().firstValue("ETag"),
                        response.body());
            } catch (IOException e) {
                throw new StepFailed(method + " " + uri + ": " + e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StepFailed(method + " " + uri + ": interrupted");
            }
        }

        Answer expect(Integer... statuses) {
            Answer answer = send();
            if (!List.of(statuses).contains(answer.status())) {
                throw new StepFailed("The demo stops: " + answer);
            }
            return answer;
        }
    }

    private record Answer(String request, int status, Optional<String> tag, String body) {
        JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (JsonProcessingException e) {
                throw new StepFailed("Not JSON: " + this);
            }
        }

        String eTag() {
            return tag.orElseThrow(() -> new StepFailed("No ETag: " + this));
        }

        @Override
        public String toString() {
            return request + " answered " + status + "\n" + body;
        }
    }

    private static byte[] bytes(Object json) {
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hmac(String secret, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String random(int bytes) {
        byte[] random = new byte[bytes];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }
}
