package dev.hindsight.postmortem;

import dev.hindsight.contract.CatalogEvent.PersonLearned;
import dev.hindsight.contract.Impact;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentEvent.Acknowledged;
import dev.hindsight.contract.IncidentEvent.Declared;
import dev.hindsight.contract.IncidentEvent.Noted;
import dev.hindsight.contract.IncidentEvent.Resolved;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Lifecycle;
import dev.hindsight.contract.Milestones;
import dev.hindsight.contract.Observed;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Standing;
import dev.hindsight.contract.Topic;
import dev.hindsight.contract.Visibility;
import dev.hindsight.conventions.testing.Tokens;
import dev.hindsight.conventions.testing.Told;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.postmortem.Feed.Message;
import dev.hindsight.postmortem.Feed.Stream;
import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;

/** What several tests tell: an incident from declaration to resolution, as incident-service would publish it. */
final class Story {

    static final UUID MIRA = StreamIds.person("pagerduty", "PMIRA");
    static final UUID TOMASZ = StreamIds.person("pagerduty", "PTOMASZ");

    private Story() {}

    /** People whose names the catalog knows. */
    static void people() {
        Feed.send(
                new Stream(Topic.INCIDENT_EVENTS, MIRA, MIRA)
                        .next(new PersonLearned("Mira Okafor", "pagerduty", "PMIRA"), begin(), "hindsight"),
                new Stream(Topic.INCIDENT_EVENTS, TOMASZ, TOMASZ)
                        .next(new PersonLearned("Tomasz Brandt", "pagerduty", "PTOMASZ"), begin(), "hindsight"));
    }

    /** Two hours ago: nothing is late. */
    static Instant begin() {
        return Instant.now().minus(Duration.ofHours(2)).truncatedTo(ChronoUnit.SECONDS);
    }

    /** So far; what else the incident is by then, {@link Teller} puts in. */
    static Standing stands(IncidentStatus status, Instant declared, Instant acknowledged, Instant resolved) {
        return Told.of(new Lifecycle(
                        status, new Milestones(null, null, declared, acknowledged, null, resolved, null), 0))
                .standing();
    }

    static Declared declared(String reference, String title, Severity severity, String service, Standing standing) {
        return declared(reference, title, severity, service, IncidentKind.REAL, false, false, standing);
    }

    static Declared declared(
            String reference,
            String title,
            Severity severity,
            String service,
            IncidentKind kind,
            boolean customerFacing,
            boolean provisional,
            Standing standing) {
        return new Declared(
                reference,
                title,
                severity,
                List.of(service),
                null,
                customerFacing,
                false,
                kind,
                Visibility.INTERNAL,
                provisional,
                null,
                null,
                standing);
    }

    /** Declared, acknowledged by Mira and resolved, as three messages. */
    static List<Message> resolvedIncident(UUID incident, String reference, Severity severity, boolean customerFacing) {
        Instant t0 = begin();
        Stream stream = Stream.ofIncident(incident);
        return List.of(
                stream.next(
                        declared(
                                reference,
                                "Checkout is down",
                                severity,
                                "checkout-api",
                                IncidentKind.REAL,
                                customerFacing,
                                false,
                                stands(IncidentStatus.OPEN, t0, null, null)),
                        t0,
                        MIRA.toString()),
                stream.next(
                        new Acknowledged(null, stands(IncidentStatus.ACKNOWLEDGED, t0, t0.plusSeconds(90), null)),
                        t0.plusSeconds(90),
                        MIRA.toString()),
                stream.next(
                        new Resolved(
                                "Rolled back.",
                                null,
                                stands(IncidentStatus.RESOLVED, t0, t0.plusSeconds(90), t0.plusSeconds(1800))),
                        t0.plusSeconds(1800),
                        TOMASZ.toString()));
    }

    /** The four signals of a tool's lifecycle, published in the order in which they arrived. */
    static List<Message> signals(UUID incident, UUID integration, Instant t0, List<Integer> order) {
        Stream stream = Stream.ofIncident(incident);
        String source = "/integrations/" + integration;
        List<Message> messages = new ArrayList<>();
        boolean declared = false;
        boolean acknowledged = false;
        boolean resolved = false;
        for (int signal : order) {
            acknowledged |= signal == 1;
            resolved |= signal == 2;
            Standing now = stands(
                    resolved
                            ? IncidentStatus.RESOLVED
                            : acknowledged ? IncidentStatus.ACKNOWLEDGED : IncidentStatus.OPEN,
                    t0,
                    acknowledged ? t0.plusSeconds(60) : null,
                    resolved ? t0.plusSeconds(1200) : null);
            Observed seen = new Observed(
                    "Pool exhausted", Severity.SEV2, List.of("checkout-api"), null, "https://acme.example/Q1");
            if (!declared && signal != 0) {
                messages.add(stream.next(
                        declared(
                                "INC-9",
                                "Pool exhausted",
                                Severity.SEV3,
                                "checkout-api",
                                IncidentKind.REAL,
                                false,
                                true,
                                now),
                        t0,
                        0,
                        t0.plusSeconds(2000),
                        "integration:" + integration,
                        source,
                        StreamIds.named(integration, "delivery " + signal)));
            }
            declared = true;
            IncidentEvent event =
                    switch (signal) {
                        case 0 ->
                            declared(
                                    "INC-9",
                                    "Pool exhausted",
                                    Severity.SEV2,
                                    "checkout-api",
                                    IncidentKind.REAL,
                                    false,
                                    false,
                                    now);
                        case 1 -> new Acknowledged(seen, now);
                        case 2 -> new Resolved(null, seen, now);
                        default -> new Noted("incident.annotated", "Rollback started", null, seen, now);
                    };
            messages.add(stream.next(
                    event,
                    switch (signal) {
                        case 0 -> t0;
                        case 1 -> t0.plusSeconds(60);
                        case 2 -> t0.plusSeconds(1200);
                        default -> t0.plusSeconds(900);
                    },
                    0,
                    t0.plusSeconds(2000),
                    signal == 0 ? "integration:" + integration : MIRA.toString(),
                    source,
                    StreamIds.named(integration, "delivery " + signal)));
        }
        return messages;
    }

    static Impact usersAffected(long users) {
        return new Impact(users, null, null, null, null, null, null, null);
    }

    static RequestSpecification as(String role) {
        return RestAssured.given().header("Authorization", Tokens.bearer(role)).contentType("application/json");
    }

    /** The postmortem as soon as it is there. */
    static Map<String, Object> draftOf(UUID incident) {
        await("/api/v1/postmortems/" + incident);
        return as("viewer").get("/api/v1/postmortems/" + incident).jsonPath().getMap("");
    }

    static void await(String path) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> as("viewer").get(path).statusCode() == 200);
    }

    /** Until the timeline has so many entries. */
    static void awaitEntries(UUID incident, int entries) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    var answer = as("viewer").get("/api/v1/timelines/" + incident);
                    return answer.statusCode() == 200
                            && answer.jsonPath().getList("entries").size() == entries;
                });
    }
}
