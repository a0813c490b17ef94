package dev.hindsight.postmortem;

import static dev.hindsight.postmortem.Story.MIRA;
import static dev.hindsight.postmortem.Story.as;
import static dev.hindsight.postmortem.Story.awaitEntries;
import static dev.hindsight.postmortem.Story.begin;
import static dev.hindsight.postmortem.Story.declared;
import static dev.hindsight.postmortem.Story.stands;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.hindsight.contract.Alert;
import dev.hindsight.contract.Change;
import dev.hindsight.contract.IncidentEvent.AlertFired;
import dev.hindsight.contract.IncidentEvent.DecisionRecorded;
import dev.hindsight.contract.IncidentEvent.DeployCleared;
import dev.hindsight.contract.IncidentEvent.DeploySuspected;
import dev.hindsight.contract.IncidentEvent.Merged;
import dev.hindsight.contract.IncidentEvent.MessagePosted;
import dev.hindsight.contract.IncidentEvent.Paged;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Standing;
import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.eventstore.EventStore;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.postmortem.Feed.Message;
import dev.hindsight.postmortem.Feed.Stream;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(HindsightBackends.class)
class TimelineTest {

    @Inject
    EventStore store;

    @BeforeEach
    void people() {
        Story.people();
    }

    @Test
    void everyEventIsAnEntryWithBothTimesAndItsProvenance() {
        UUID incident = StreamIds.next();
        UUID integration = StreamIds.next();
        Instant t0 = begin();
        List<Message> signals = Story.signals(incident, integration, t0, List.of(0, 1, 3, 2));
        Feed.send(signals);
        awaitEntries(incident, 4);

        as("viewer")
                .get("/api/v1/timelines/" + incident)
                .then()
                .statusCode(200)
                .body("incidentId", equalTo(incident.toString()))
                .body("reference", equalTo("INC-9"))
                .body("entries.kind", contains("DECLARED", "ACKNOWLEDGED", "NOTE", "RESOLVED"))
                .body("entries.key", contains(true, true, false, true))
                .body("entries[0].text", equalTo("Declared as SEV2: Pool exhausted"))
                .body("entries[0].actor", equalTo("integration:" + integration))
                .body("entries[1].id", equalTo(signals.get(1).header().id().toString()))
                .body("entries[1].occurredAt", equalTo(t0.plusSeconds(60).toString()))
                .body("entries[1].recordedAt", equalTo(t0.plusSeconds(2000).toString()))
                .body("entries[1].actor", equalTo("Mira Okafor"))
                .body("entries[1].actorId", equalTo(MIRA.toString()))
                .body(
                        "entries[1].source.eventId",
                        equalTo(signals.get(1).header().id().toString()))
                .body("entries[1].source.sequence", equalTo(2))
                .body("entries[1].source.integration", equalTo(integration.toString()))
                .body(
                        "entries[1].source.deliveryId",
                        equalTo(StreamIds.named(integration, "delivery 1").toString()))
                .body("entries[1].source.url", equalTo("https://acme.example/Q1"))
                .body("next", nullValue())
                .body("milestones.resolved", equalTo(t0.plusSeconds(1200).toString()))
                .body("durations.timeToAcknowledgeSeconds", equalTo(60.0f))
                .body("durations.timeToRestoreSeconds", equalTo(1200.0f))
                .body("durations.timeToDetectSeconds", nullValue());
    }

    @Test
    void theOrderInWhichSignalsArriveMakesNoDifference() {
        Instant t0 = begin();
        UUID integration = StreamIds.next();
        List<List<Integer>> orders = permutations(List.of(0, 1, 2, 3));
        assertThat(orders).hasSize(24);
        Map<List<Integer>, UUID> incidents = new LinkedHashMap<>();
        List<Message> all = new ArrayList<>();
        orders.forEach(order -> {
            UUID incident = StreamIds.next();
            incidents.put(order, incident);
            List<Message> signals = Story.signals(incident, integration, t0, order);
            all.addAll(signals);
            all.addAll(signals);
        });
        Feed.send(all);

        List<String> told = new ArrayList<>();
        incidents.forEach((order, incident) -> {
            awaitEntries(incident, 4);
            Story.draftOf(incident);
            Awaitility.await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> assertThat(as("viewer")
                            .get("/api/v1/postmortems/" + incident)
                            .jsonPath()
                            .getString("owner.name"))
                    .isEqualTo("Mira Okafor"));
            told.add(told(incident));
        });
        assertThat(told).as("timelines, incident facts, owner and requirement").containsOnly(told.getFirst());
    }

    @Test
    void eventsTwiceInAnyOrderAndOverSeveralBatchesAreOneTimelineAndOneDraft() {
        UUID incident = StreamIds.next();
        UUID integration = StreamIds.next();
        List<Message> signals = Story.signals(incident, integration, begin(), List.of(1, 0, 3, 2));
        // The later half first: it waits for the gap to fill.
        Feed.send(signals.subList(3, 5));
        Feed.send(signals.subList(1, 3));
        Feed.send(signals.subList(0, 1));
        awaitEntries(incident, 4);
        String once = told(Story.draftOf(incident), incident);

        // As after a restart whose offsets were lost: everything from the start, and shuffled.
        List<Message> again = new ArrayList<>(signals);
        again.addAll(signals);
        Collections.shuffle(again, new Random(42));
        Feed.send(again);
        Message marker = new Stream(dev.hindsight.contract.Topic.INCIDENT_EVENTS, StreamIds.next(), incident)
                .next(declared("INC-10", "Marker", Severity.SEV4, "marker", Standing.NONE), begin(), "hindsight");
        Feed.send(marker);
        awaitEntries(marker.header().streamId(), 1);

        assertThat(told(Story.draftOf(incident), incident)).isEqualTo(once);
        assertThat(eventsOf(incident)).hasSize(2);
    }

    @Test
    void aProvisionalDeclarationStepsBackWhenTheRealOneArrives() {
        UUID incident = StreamIds.next();
        UUID integration = StreamIds.next();
        List<Message> signals = Story.signals(incident, integration, begin(), List.of(1, 0));
        Feed.send(signals.subList(0, 2));
        awaitEntries(incident, 2);
        as("viewer")
                .get("/api/v1/timelines/" + incident)
                .then()
                .body("entries.text", contains("Declared; its own declaration has not been told", "Acknowledged"));

        Feed.send(signals.get(2));

        Awaitility.await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> as("viewer")
                .get("/api/v1/timelines/" + incident)
                .then()
                .body("entries.text", contains("Declared as SEV2: Pool exhausted", "Acknowledged")));
    }

    @Test
    void aSuspectedDeployIsToldAsItWasSuspectedLastAndNotAtAllOnceItIsCleared() {
        UUID incident = StreamIds.next();
        UUID deploy = StreamIds.next();
        UUID another = StreamIds.next();
        Instant t0 = begin();
        Standing open = stands(IncidentStatus.OPEN, t0, null, null);
        Change v1 = new Change("search", "production", "v1", null, null);
        Change v2 = new Change("search", "production", "v2", null, null);
        Stream stream = Stream.ofIncident(incident);
        Feed.send(
                stream.next(declared("INC-13", "Slow", Severity.SEV3, "search", open), t0, "hindsight"),
                stream.next(new DeploySuspected(deploy, v1, open), t0.minusSeconds(60), "hindsight"),
                stream.next(new DeploySuspected(another, v2, open), t0.minusSeconds(50), "hindsight"),
                stream.next(new DeploySuspected(deploy, v1, open), t0.minusSeconds(90), "hindsight"));
        Awaitility.await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> as("viewer")
                .get("/api/v1/timelines/" + incident + "?kind=DEPLOY")
                .then()
                .body(
                        "entries.text",
                        contains(
                                "Deployed search v1 to production (suspected)",
                                "Deployed search v2 to production (suspected)"))
                .body(
                        "entries.occurredAt",
                        contains(
                                t0.minusSeconds(90).toString(),
                                t0.minusSeconds(50).toString())));

        Message cleared = stream.next(new DeployCleared(deploy, v1, open), t0.plusSeconds(5), "hindsight");
        Feed.send(cleared, cleared);

        Awaitility.await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> as("viewer")
                .get("/api/v1/timelines/" + incident + "?kind=DEPLOY")
                .then()
                .body("entries.text", contains("Deployed search v2 to production (suspected)")));
        Feed.send(stream.next(new DeploySuspected(deploy, v1, open), t0.minusSeconds(70), "hindsight"));
        awaitEntries(incident, 3);
    }

    @Test
    void namesAreJoinedWhenSomebodyReads() {
        UUID incident = StreamIds.next();
        UUID other = StreamIds.next();
        UUID stranger = StreamIds.person("pagerduty", "PNOBODY" + incident);
        Instant t0 = begin();
        Standing open = stands(IncidentStatus.OPEN, t0, null, null);
        Stream stream = Stream.ofIncident(incident);
        Feed.send(
                stream.next(declared("INC-11", "Slow", Severity.SEV3, "search", open), t0, stranger.toString()),
                stream.next(new Paged(MIRA, "PHONE", null, open), t0.plusSeconds(1), "hindsight"),
                stream.next(new Paged(stranger, null, true, open), t0.plusSeconds(2), "hindsight"),
                stream.next(
                        new MessagePosted("{} is no placeholder", "#ops", open), t0.plusSeconds(3), MIRA.toString()),
                stream.next(new Merged(other, null, null, open), t0.plusSeconds(4), MIRA.toString()),
                Stream.ofIncident(other)
                        .next(declared("INC-12", "Slower", Severity.SEV3, "search", open), t0, MIRA.toString()));
        awaitEntries(other, 1);
        awaitEntries(incident, 5);

        as("viewer")
                .get("/api/v1/timelines/" + incident)
                .then()
                .body(
                        "entries.text",
                        contains(
                                "Declared as SEV3: Slow",
                                "Paged Mira Okafor by PHONE",
                                "Paged unknown person, after hours",
                                "#ops: {} is no placeholder",
                                "Merged into INC-12"))
                .body("entries[0].actor", equalTo("unknown person"))
                .body("entries[0].actorId", equalTo(stranger.toString()))
                .body("entries[0].person", nullValue())
                .body("entries[1].person.name", equalTo("Mira Okafor"))
                .body("entries[2].person.id", equalTo(stranger.toString()))
                .body("entries[2].person.name", equalTo("unknown person"));

        // The name arrives later, and shows at once.
        Feed.send(new Stream(dev.hindsight.contract.Topic.INCIDENT_EVENTS, stranger, stranger)
                .next(
                        new dev.hindsight.contract.CatalogEvent.PersonLearned("Ines Halloran", "pagerduty", "P"),
                        t0,
                        "hindsight"));
        Awaitility.await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> as("viewer")
                .get("/api/v1/timelines/" + incident)
                .then()
                .body("entries[0].actor", equalTo("Ines Halloran"))
                .body("entries[2].text", equalTo("Paged Ines Halloran, after hours")));
    }

    @Test
    void entriesOfOneMomentKeepTheSourcesOrder() {
        UUID incident = StreamIds.next();
        Instant t0 = begin();
        Standing open = stands(IncidentStatus.OPEN, t0, null, null);
        Stream stream = Stream.ofIncident(incident);
        Feed.send(
                stream.next(declared("INC-13", "Slow", Severity.SEV3, "search", open), t0, MIRA.toString()),
                stream.next(new MessagePosted("third", null, open), t0, 2, t0, "hindsight", "/api", null),
                stream.next(new MessagePosted("second", null, open), t0, 1, t0, "hindsight", "/api", null),
                stream.next(new MessagePosted("fourth", null, open), t0, 2, t0, "hindsight", "/api", null));
        awaitEntries(incident, 4);

        as("viewer")
                .get("/api/v1/timelines/" + incident)
                .then()
                .body("entries.text", contains("Declared as SEV3: Slow", "second", "third", "fourth"));
    }

    @Test
    void aTimelineIsNarrowedAndReadInPages() {
        UUID incident = StreamIds.next();
        Instant t0 = begin();
        Standing open = stands(IncidentStatus.OPEN, t0, null, null);
        Stream stream = Stream.ofIncident(incident);
        Feed.send(
                stream.next(declared("INC-14", "Slow", Severity.SEV3, "search", open), t0, MIRA.toString()),
                stream.next(
                        new AlertFired(
                                new Alert("a", "f-14", "HighLatency", null, "https://mon.example/1"), null, open),
                        t0.minusSeconds(30),
                        "hindsight"),
                stream.next(new MessagePosted("one", null, open), t0.plusSeconds(1), MIRA.toString()),
                stream.next(new DecisionRecorded("two", open), t0.plusSeconds(1), MIRA.toString()),
                stream.next(new MessagePosted("three", null, open), t0.plusSeconds(2), MIRA.toString()));
        awaitEntries(incident, 5);
        String path = "/api/v1/timelines/" + incident;

        as("viewer").get(path + "?kind=MESSAGE").then().body("entries.text", contains("one", "three"));
        as("viewer").get(path + "?key=true").then().body("entries.kind", contains("DECLARED", "DECISION"));
        as("viewer").get(path + "?key=false&kind=DECISION").then().body("entries", hasSize(0));

        List<String> paged = new ArrayList<>();
        String cursor = null;
        do {
            var page = as("viewer")
                    .queryParams(cursor == null ? Map.of("limit", 2) : Map.of("limit", 2, "cursor", cursor))
                    .get(path)
                    .jsonPath();
            paged.addAll(page.getList("entries.kind", String.class));
            cursor = page.getString("next");
        } while (cursor != null);
        assertThat(paged).containsExactly("ALERT_FIRED", "DECLARED", "MESSAGE", "DECISION", "MESSAGE");
    }

    @Test
    void whatCannotBeAnsweredIsRefused() {
        UUID nobody = StreamIds.next();
        as("viewer").get("/api/v1/timelines/" + nobody).then().statusCode(404);
        as("viewer")
                .get("/api/v1/timelines/" + nobody + "?asOf=2026-01-01")
                .then()
                .statusCode(400);
        as("viewer").get("/api/v1/timelines/" + nobody + "?kind=GOSSIP").then().statusCode(400);
        as("viewer").get("/api/v1/timelines/" + nobody + "?cursor=x").then().statusCode(400);
    }

    private List<?> eventsOf(UUID incident) {
        return store.read(StreamIds.postmortem(incident), 0, 100).await().atMost(Duration.ofSeconds(5));
    }

    static String told(UUID incident) {
        return told(Story.draftOf(incident), incident);
    }

    /** What must be equal in whatever order the signals arrived. */
    @SuppressWarnings("unchecked")
    private static String told(Map<String, Object> postmortem, UUID incident) {
        Map<String, Object> facts = new TreeMap<>((Map<String, Object>) postmortem.get("incident"));
        facts.remove("id");
        Map<String, Object> requirement = new TreeMap<>((Map<String, Object>) postmortem.get("requirement"));
        requirement.remove("incidentId");
        var timeline = as("viewer").get("/api/v1/timelines/" + incident).jsonPath();
        List<String> entries = new ArrayList<>();
        for (Map<String, Object> entry : timeline.<Map<String, Object>>getList("entries")) {
            entries.add(entry.get("kind") + "|" + entry.get("occurredAt") + "|" + entry.get("actor") + "|"
                    + entry.get("text") + "|" + ((Map<String, Object>) entry.get("source")).get("deliveryId"));
        }
        return facts + "\n" + requirement + "\n" + postmortem.get("owner") + "\n" + String.join("\n", entries);
    }

    private static List<List<Integer>> permutations(List<Integer> of) {
        if (of.isEmpty()) {
            return List.of(List.of());
        }
        List<List<Integer>> all = new ArrayList<>();
        for (Integer first : of) {
            List<Integer> rest = new ArrayList<>(of);
            rest.remove(first);
            permutations(rest).forEach(tail -> {
                List<Integer> one = new ArrayList<>();
                one.add(first);
                one.addAll(tail);
                all.add(one);
            });
        }
        return all;
    }
}
