package dev.hindsight.actionitem.view;

import static dev.hindsight.actionitem.Api.ITEMS;
import static dev.hindsight.actionitem.Api.good;
import static dev.hindsight.actionitem.Api.patch;
import static dev.hindsight.actionitem.Api.propose;
import static dev.hindsight.actionitem.Api.read;
import static dev.hindsight.actionitem.Api.send;
import static dev.hindsight.actionitem.IncidentTopic.declared;
import static dev.hindsight.actionitem.IncidentTopic.fact;
import static dev.hindsight.actionitem.IncidentTopic.minute;
import static dev.hindsight.actionitem.IncidentTopic.person;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.hindsight.actionitem.Database;
import dev.hindsight.actionitem.IncidentTopic;
import dev.hindsight.contract.CatalogEvent;
import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Observed;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Standing;
import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.Told;
import dev.hindsight.eventstore.StreamIds;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What others' events do to what is shown beside items: delivered twice, out of order, again from the beginning. */
@QuarkusTest
@QuarkusTestResource(HindsightBackends.class)
class ProjectionsTest {

    private static final String SHOWN =
            "select reference, title, severity, services, kind, status from incident where id = $1";

    @Inject
    Database database;

    private IncidentTopic topic;

    @BeforeEach
    void connect() {
        topic = new IncidentTopic();
    }

    @AfterEach
    void disconnect() {
        topic.close();
    }

    @Test
    void theIncidentAndTheOwnersNameAreShownBesideAnItem() {
        UUID incident = UUID.randomUUID();
        String reference = reference();
        String subject = "ines-" + incident + "@example.com";
        Map<String, @Nullable Object> body = good("incidentId", incident.toString());
        body.put("owner", subject);
        String id = propose(body);
        read(ITEMS + "/" + id).body("incident", nullValue()).body("owner.name", nullValue());

        topic.send(
                declared(incident, reference, "Checkout answers 5xx", Severity.SEV1, IncidentKind.REAL, "checkout-api"),
                person(StreamIds.person("oidc", subject), "Ines Halloran", "oidc", subject));
        awaitApplied(StreamIds.person("oidc", subject), 1);
        awaitApplied(incident, 1);

        read(ITEMS + "/" + id)
                .body("incident.reference", equalTo(reference))
                .body("incident.title", equalTo("Checkout answers 5xx"))
                .body("incident.severity", equalTo("SEV1"))
                .body("incident.status", equalTo("OPEN"))
                .body("incident.services", contains("checkout-api"))
                .body("owner.name", equalTo("Ines Halloran"));
        patch(id, Map.of("priority", "LOW"))
                .body("incident.reference", equalTo(reference))
                .body("owner.name", equalTo("Ines Halloran"))
                .body("warnings.code", not(hasItem("INCIDENT_UNKNOWN")))
                .body("warnings.code", not(hasItem("OWNER_UNKNOWN")));
        read(ITEMS + "?service=checkout-api&incident=" + reference).body("items.id", contains(id));
        read(ITEMS + "?incident=" + incident).body("items.owner.name", contains("Ines Halloran"));
        send("responder", "POST", ITEMS, good("incidentId", reference))
                .then()
                .statusCode(201)
                .body("incidentId", equalTo(incident.toString()))
                .body("postmortemId", equalTo(StreamIds.postmortem(incident).toString()))
                .body("incident.reference", equalTo(reference));
    }

    @Test
    void anOwnerIsFoundByANameThatOnlyOnePersonHas() {
        String name = "Tomasz " + UUID.randomUUID();
        UUID one = UUID.randomUUID();
        topic.send(person(one, name, "pagerduty", "P1"));
        awaitApplied(one, 1);
        String id = propose(good("owner", name.toUpperCase(Locale.ROOT)));
        read(ITEMS + "/" + id).body("owner.id", equalTo(one.toString())).body("owner.name", equalTo(name));

        UUID two = UUID.randomUUID();
        topic.send(person(two, name, "opsgenie", "O1"));
        awaitApplied(two, 1);
        send("responder", "POST", ITEMS, good("owner", name))
                .then()
                .statusCode(400)
                .body("violations.code", contains("OWNER_AMBIGUOUS"))
                .body("violations[0].message", containsString(one.toString()));
        // Who has a token is the one that is meant.
        UUID token = UUID.randomUUID();
        topic.send(person(token, name, "oidc", "tomasz"));
        awaitApplied(token, 1);
        assertThat(propose(good("owner", name))).isNotNull();
        read(ITEMS + "?owner=" + token).body("items.owner.id", contains(token.toString()));
    }

    @Test
    void aTeamAndAServiceOfTheCatalogAreNoOwners() {
        String team = "Falcons " + UUID.randomUUID();
        String service = "falcon-" + UUID.randomUUID();
        topic.send(
                fact(StreamIds.team(team), 1, minute(0), new CatalogEvent.TeamLearned(team, null, null)),
                fact(
                        StreamIds.service(service),
                        1,
                        minute(0),
                        new CatalogEvent.ServiceLearned(service, null, null, null)));
        awaitApplied(StreamIds.team(team), 1);
        awaitApplied(StreamIds.service(service), 1);
        for (String owner : List.of(team, service, StreamIds.team(team).toString())) {
            send("responder", "POST", ITEMS, good("owner", owner))
                    .then()
                    .statusCode(400)
                    .body("violations.field", contains("owner"))
                    .body("violations.code", contains("OWNER_NOT_A_PERSON"));
        }
    }

    @Test
    void theNewestVersionSaysHowTheIncidentIsWhateverItsEventMentionsAndWheneverItHappened() {
        UUID incident = UUID.randomUUID();
        String reference = reference();
        topic.send(
                declared(incident, reference, "first", Severity.SEV3, IncidentKind.REAL, "a"),
                fact(
                        incident,
                        2,
                        minute(9),
                        new IncidentEvent.StatusUpdated(
                                "x",
                                seen("a mention", Severity.SEV4, "m"),
                                Told.of(IncidentStatus.OPEN)
                                        .as(reference, "second", Severity.SEV2)
                                        .services("b")
                                        .standing())),
                fact(
                        incident,
                        3,
                        minute(-5),
                        new IncidentEvent.Noted(
                                "x",
                                "x",
                                null,
                                seen("a late mention", Severity.SEV0, "n"),
                                Told.of(IncidentStatus.ACKNOWLEDGED)
                                        .as(reference, "third", Severity.SEV1)
                                        .services("c", "d")
                                        .standing())));
        awaitApplied(incident, 3);
        assertThat(shown(incident)).isEqualTo("[third, SEV1, [c, d], REAL, ACKNOWLEDGED]");
    }

    @Test
    void aRealDeclarationTakesThePlaceOfAProvisionalOne() {
        UUID incident = UUID.randomUUID();
        String reference = reference();
        topic.send(
                declared(incident, reference, "PagerDuty incident", Severity.SEV3, IncidentKind.REAL),
                fact(
                        incident,
                        2,
                        minute(1),
                        declared(incident, reference, "Disk is full", Severity.SEV2, IncidentKind.DRILL, "db")
                                .event()));
        awaitApplied(incident, 2);
        assertThat(shown(incident)).isEqualTo("[Disk is full, SEV2, [db], DRILL, OPEN]");
    }

    @Test
    void deliveredTwiceOutOfOrderAndAgainFromTheBeginningItIsTheSame() {
        UUID straight = UUID.randomUUID();
        topic.send(life(straight));
        awaitApplied(straight, 6);

        for (int seed = 0; seed < 5; seed++) {
            UUID crooked = UUID.randomUUID();
            List<Recorded<DomainEvent>> facts = new ArrayList<>(life(crooked));
            facts.addAll(life(crooked));
            Collections.shuffle(facts, new Random(seed));
            topic.send(facts);
            awaitApplied(crooked, 6);
            topic.send(life(crooked));
            // An event behind the repetition, on its partition, says when the repetition has gone through.
            UUID marker = UUID.randomUUID();
            topic.sendBehind(crooked, marker(marker));
            awaitApplied(marker, 1);
            assertThat(shown(crooked)).as("seed %d", seed).isEqualTo(shown(straight));
            assertThat(database.count("select count(*) from parked_event where stream_id = $1", crooked))
                    .isZero();
        }
    }

    @Test
    void itemsOfTestsAndDroppedIncidentsDoNotCountInAServicesBurndown() {
        String service = "svc-" + UUID.randomUUID();
        UUID real = UUID.randomUUID();
        UUID drill = UUID.randomUUID();
        UUID dropped = UUID.randomUUID();
        topic.send(
                declared(real, reference(), "real", Severity.SEV1, IncidentKind.REAL, service, "other"),
                declared(drill, reference(), "drill", Severity.SEV1, IncidentKind.DRILL, service),
                declared(dropped, reference(), "dropped", Severity.SEV1, IncidentKind.REAL, service),
                fact(
                        dropped,
                        2,
                        minute(1),
                        new IncidentEvent.Canceled(
                                "false alarm",
                                Told.of(IncidentStatus.CANCELED)
                                        .services(service)
                                        .standing())));
        awaitApplied(real, 1);
        awaitApplied(drill, 1);
        awaitApplied(dropped, 2);
        List<String> ids = new ArrayList<>();
        for (UUID incident : List.of(real, drill, dropped)) {
            ids.add(propose(good("incidentId", incident.toString())));
        }
        read("/api/v1/burndown?service=" + service).body("total", equalTo(1));
        read("/api/v1/burndown?postmortem=" + StreamIds.postmortem(drill)).body("total", equalTo(1));
        read(ITEMS + "?service=" + service).body("items.id", containsInAnyOrder(ids.toArray()));
        read(ITEMS + "?service=svc").body("items", empty());
    }

    /** In any order of the streams, as none says anything of another. */
    @Test
    void aServiceIsFoundUnderEveryNameThatIsMergedInAnySpellingAndByItsTeam() {
        String one = UUID.randomUUID().toString();
        UUID incident = UUID.randomUUID();
        UUID other = UUID.randomUUID();
        String service = "checkout-" + one;
        String alias = "Checkout API " + one;
        String team = "Payments " + one;
        String renamed = "Money " + one;
        List<Recorded<DomainEvent>> told = new ArrayList<>(List.of(
                declared(incident, reference(), "as the tool has it", Severity.SEV1, IncidentKind.REAL, alias),
                declared(other, reference(), "another", Severity.SEV1, IncidentKind.REAL, "search-" + one),
                fact(StreamIds.team(team), 1, minute(0), new CatalogEvent.TeamLearned(team, null, null)),
                fact(StreamIds.team(team), 2, minute(1), new CatalogEvent.EntryMerged(StreamIds.team(renamed))),
                fact(StreamIds.team(renamed), 1, minute(0), new CatalogEvent.TeamDescribed(renamed, null)),
                fact(
                        StreamIds.service(service),
                        1,
                        minute(0),
                        new CatalogEvent.ServiceLearned(service, null, null, null)),
                fact(
                        StreamIds.service(service),
                        2,
                        minute(1),
                        new CatalogEvent.ServiceDescribed(service, StreamIds.team(team))),
                fact(StreamIds.service(alias), 1, minute(0), new CatalogEvent.ServiceLearned(alias, null, "x", "y")),
                fact(
                        StreamIds.service(alias),
                        2,
                        minute(1),
                        new CatalogEvent.EntryMerged(StreamIds.service(service)))));
        Collections.shuffle(told, new Random(20261122));
        told.addAll(told.subList(0, 4));
        topic.send(told);
        awaitApplied(incident, 1);
        awaitApplied(other, 1);
        awaitApplied(StreamIds.team(team), 2);
        awaitApplied(StreamIds.team(renamed), 1);
        awaitApplied(StreamIds.service(service), 2);
        awaitApplied(StreamIds.service(alias), 2);
        String item = propose(good("incidentId", incident.toString()));
        propose(good("incidentId", other.toString()));

        for (String asked : List.of(
                "service=" + service,
                "service=" + alias.toUpperCase(Locale.ROOT),
                "service= " + alias,
                "team=" + team,
                "team=" + renamed.toUpperCase(Locale.ROOT),
                "team=" + renamed + "&service=" + service)) {
            read(ITEMS + "?" + asked).body("items.id", contains(item));
        }
        for (String asked : List.of("service=" + service, "service=" + alias, "team=" + team, "team=" + renamed)) {
            read("/api/v1/burndown?" + asked).body("total", equalTo(1));
        }
        read(ITEMS + "?team=nobody").body("items", empty());
        read(ITEMS + "?team=" + team + "&service=search-" + one).body("items", empty());
        read("/api/v1/burndown?team=nobody").body("total", equalTo(0));

        // Taken apart, each is itself again.
        topic.send(fact(
                StreamIds.service(alias), 3, minute(2), new CatalogEvent.EntryUnmerged(StreamIds.service(service))));
        awaitApplied(StreamIds.service(alias), 3);
        read(ITEMS + "?service=" + service).body("items", empty());
        read(ITEMS + "?team=" + team).body("items", empty());
        read(ITEMS + "?service=" + alias).body("items.id", contains(item));
    }

    private static List<Recorded<DomainEvent>> life(UUID incident) {
        Standing acknowledged = stands(IncidentStatus.ACKNOWLEDGED, "Checkout answers 5xx", Severity.SEV2);
        Standing worse = stands(IncidentStatus.ACKNOWLEDGED, "Checkout answers 5xx", Severity.SEV1);
        Standing renamed = stands(IncidentStatus.ACKNOWLEDGED, "Orders fail", Severity.SEV1, "orders");
        Standing over = stands(IncidentStatus.RESOLVED, "Orders fail", Severity.SEV1, "orders");
        return List.of(
                declared(incident, "INC-7", "Checkout answers 5xx", Severity.SEV3, IncidentKind.REAL, "checkout-api"),
                fact(incident, 2, minute(2), new IncidentEvent.Acknowledged(seen(null, Severity.SEV2), acknowledged)),
                fact(incident, 3, minute(1), new IncidentEvent.Detected(acknowledged)),
                fact(incident, 4, minute(4), new IncidentEvent.SeverityChanged(Severity.SEV1, "worse", null, worse)),
                fact(incident, 5, minute(3), new IncidentEvent.Noted("renamed", "x", null, null, renamed)),
                fact(incident, 6, minute(9), new IncidentEvent.Resolved("rolled back", null, over)));
    }

    private static Standing stands(IncidentStatus status, String title, Severity severity, String... services) {
        return Told.of(status).as("INC-7", title, severity).services(services).standing();
    }

    private static Recorded<DomainEvent> marker(UUID id) {
        return fact(id, 1, minute(0), new CatalogEvent.PersonLearned("marker " + id, "test", "m"));
    }

    private static Observed seen(@Nullable String title, @Nullable Severity severity, String... services) {
        return IncidentTopic.seen(title, severity, services);
    }

    private static String reference() {
        return "INC-" + (Math.abs(UUID.randomUUID().getMostSignificantBits()) % 1_000_000_000_000L);
    }

    private String shown(UUID incident) {
        var row = database.rows(SHOWN, incident).getFirst();
        return List.of(
                        row.getString("title"),
                        row.getString("severity"),
                        List.of(row.getArrayOfStrings("services")),
                        row.getString("kind"),
                        row.getString("status"))
                .toString();
    }

    private void awaitApplied(UUID stream, long version) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> database.count(
                                "select count(*) from applied where stream_id = $1 and version = $2", stream, version)
                        // access, api-tokens, catalog, incident
                        == 4);
    }
}
