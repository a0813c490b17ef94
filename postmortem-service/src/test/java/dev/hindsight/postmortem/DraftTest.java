package dev.hindsight.postmortem;

import static dev.hindsight.postmortem.Story.MIRA;
import static dev.hindsight.postmortem.Story.TOMASZ;
import static dev.hindsight.postmortem.Story.as;
import static dev.hindsight.postmortem.Story.awaitEntries;
import static dev.hindsight.postmortem.Story.begin;
import static dev.hindsight.postmortem.Story.declared;
import static dev.hindsight.postmortem.Story.draftOf;
import static dev.hindsight.postmortem.Story.stands;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.hindsight.contract.Alert;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.IncidentEvent.AlertFired;
import dev.hindsight.contract.IncidentEvent.AlertResolved;
import dev.hindsight.contract.IncidentEvent.Canceled;
import dev.hindsight.contract.IncidentEvent.Classified;
import dev.hindsight.contract.IncidentEvent.ImpactRecorded;
import dev.hindsight.contract.IncidentEvent.Merged;
import dev.hindsight.contract.IncidentEvent.Paged;
import dev.hindsight.contract.IncidentEvent.Reopened;
import dev.hindsight.contract.IncidentEvent.Resolved;
import dev.hindsight.contract.IncidentEvent.RoleAssigned;
import dev.hindsight.contract.IncidentEvent.SeverityChanged;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Lifecycle;
import dev.hindsight.contract.Milestones;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Standing;
import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.Told;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.postmortem.Feed.Message;
import dev.hindsight.postmortem.Feed.Stream;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(HindsightBackends.class)
class DraftTest {

    @BeforeEach
    void people() {
        Story.people();
    }

    @Test
    void aResolvedIncidentHasADraftWithOwnerDeadlinesImpactAndSteps() {
        UUID incident = StreamIds.next();
        Instant t0 = begin();
        Standing open = stands(IncidentStatus.OPEN, t0, null, null);
        Standing over = stands(IncidentStatus.RESOLVED, t0, null, t0.plusSeconds(600));
        Stream stream = Stream.ofIncident(incident);
        Feed.send(
                stream.next(
                        declared("INC-20", "Down", Severity.SEV1, "checkout-api", IncidentKind.REAL, true, false, open),
                        t0,
                        MIRA.toString()),
                stream.next(new RoleAssigned("INCIDENT_COMMANDER", TOMASZ, open), t0.plusSeconds(5), MIRA.toString()),
                stream.next(
                        new ImpactRecorded(Story.usersAffected(1000), Story.usersAffected(1000), open),
                        t0.plusSeconds(60),
                        MIRA.toString()),
                stream.next(new Resolved(null, null, over), t0.plusSeconds(600), MIRA.toString()),
                // Numbers are corrected after the resolution, too.
                stream.next(
                        new ImpactRecorded(Story.usersAffected(1840), Story.usersAffected(1840), over),
                        t0.plusSeconds(900),
                        MIRA.toString()));
        draftOf(incident);
        awaitEntries(incident, 5);

        as("viewer")
                .get("/api/v1/postmortems/" + incident)
                .then()
                .body("id", equalTo(StreamIds.postmortem(incident).toString()))
                .body("incidentId", equalTo(incident.toString()))
                .body("status", equalTo("DRAFT"))
                .body("owner.name", equalTo("Tomasz Brandt"))
                .body("incident.roles.INCIDENT_COMMANDER.name", equalTo("Tomasz Brandt"))
                .body("incident.reference", equalTo("INC-20"))
                .body("impact.usersAffected", equalTo(1840))
                .body("durations.timeToRestoreSeconds", equalTo(600.0f))
                .body("requirement.answer", equalTo("REQUIRED"))
                .body("requirement.duty", equalTo(true))
                .body(
                        "requirement.draftDueAt",
                        equalTo(t0.plusSeconds(600).plus(Duration.ofHours(48)).toString()))
                .body("requirement.rules.findAll { it.fired }.code", contains("MAJOR_CUSTOMER_FACING"))
                .body("steps.name", contains("OWNER", "DRAFT", "REVIEW", "PUBLICATION", "ITEMS"))
                .body("steps.state", contains("DONE", "OPEN", "OPEN", "OPEN", "OPEN"))
                .body("sections.summary.revision", equalTo(0))
                .body("sections.keySet()", hasItems("summary", "customer-impact", "risks"))
                .body("warnings.code", hasItem("NO_ACTION_ITEM"));
    }

    @Test
    void alertsResolveIncidentsToo() {
        UUID incident = StreamIds.next();
        Instant t0 = begin();
        Alert alert = new Alert("k-21", "f-21", "HighErrorRate", null, null);
        Stream stream = Stream.ofIncident(incident);
        Feed.send(
                stream.next(
                        declared(
                                "INC-21", "Errors", Severity.SEV2, "cart", stands(IncidentStatus.OPEN, t0, null, null)),
                        t0,
                        "hindsight"),
                stream.next(new AlertFired(alert, null, stands(IncidentStatus.OPEN, t0, null, null)), t0, "hindsight"),
                stream.next(
                        new AlertResolved(alert, stands(IncidentStatus.RESOLVED, t0, null, t0.plusSeconds(300))),
                        t0.plusSeconds(300),
                        "hindsight"));

        assertThat(draftOf(incident).get("owner")).as("nobody acknowledged").isNull();
    }

    @Test
    void theAcknowledgerOwnsTheDraftWhereThereIsNoCommander() {
        UUID incident = StreamIds.next();
        Feed.send(Story.resolvedIncident(incident, "INC-22", Severity.SEV2, false));

        assertThat(draftOf(incident).get("owner")).isEqualTo(Map.of("id", MIRA.toString(), "name", "Mira Okafor"));
        as("viewer")
                .get("/api/v1/requirements/" + incident)
                .then()
                .body("answer", equalTo("OPTIONAL"))
                .body("decided", equalTo(true))
                .body("duty", equalTo(false))
                .body("draftDueAt", nullValue());
    }

    @Test
    void drillsAndImportsGetNoDraft() {
        UUID drill = StreamIds.next();
        UUID imported = StreamIds.next();
        Instant t0 = begin();
        Standing over = stands(IncidentStatus.RESOLVED, t0, null, t0.plusSeconds(60));
        Stream ofDrill = Stream.ofIncident(drill);
        Stream ofImport = Stream.ofIncident(imported);
        UUID real = StreamIds.next();
        Feed.send(
                ofDrill.next(
                        declared("INC-23", "Drill", Severity.SEV1, "cart", IncidentKind.DRILL, true, false, over),
                        t0,
                        "hindsight"),
                ofDrill.next(new Resolved(null, null, over), t0.plusSeconds(60), "hindsight"));
        Feed.send(
                ofImport.next(
                        declared("INC-24", "Old", Severity.SEV1, "cart", IncidentKind.REAL, true, false, over),
                        t0,
                        0,
                        t0,
                        "hindsight",
                        "/imports/servicenow",
                        null),
                ofImport.next(
                        new Resolved(null, null, over),
                        t0.plusSeconds(50),
                        1,
                        t0,
                        "hindsight",
                        "/imports/servicenow",
                        null),
                // A person touches the imported incident: it stays imported.
                ofImport.next(new Resolved(null, null, over), t0.plusSeconds(60), "hindsight"));
        awaitEntries(drill, 2);
        awaitEntries(imported, 3);
        // Each automation is behind its projections: a later incident of the same partition would be, too.
        for (UUID behind : List.of(drill, imported)) {
            Feed.send(Story.resolvedIncident(real, "INC-25", Severity.SEV2, false).stream()
                    .map(message -> new Message(message.topic(), behind, message.header(), message.event()))
                    .toList());
            draftOf(real);
            as("viewer").get("/api/v1/postmortems/" + behind).then().statusCode(404);
            real = StreamIds.next();
        }
        as("viewer")
                .get("/api/v1/requirements/" + imported)
                .then()
                .body("answer", equalTo("REQUIRED"))
                .body("decided", equalTo(false))
                .body("duty", equalTo(false));
    }

    @Test
    void aResolutionThatWeHeardOfLateObligesNobody() {
        UUID incident = StreamIds.next();
        Instant t0 = begin().minus(Duration.ofDays(3));
        Standing over = stands(IncidentStatus.RESOLVED, t0, null, t0.plusSeconds(60));
        Stream stream = Stream.ofIncident(incident);
        Feed.send(
                stream.next(
                        declared(
                                "INC-26",
                                "Late",
                                Severity.SEV1,
                                "cart",
                                IncidentKind.REAL,
                                true,
                                false,
                                stands(IncidentStatus.OPEN, t0, null, null)),
                        t0,
                        "hindsight"),
                stream.next(
                        new Resolved(null, null, over),
                        t0.plusSeconds(60),
                        0,
                        t0.plus(Duration.ofHours(30)),
                        "hindsight",
                        EventHeader.FROM_API,
                        null));

        draftOf(incident);
        as("viewer")
                .get("/api/v1/requirements/" + incident)
                .then()
                .body("answer", equalTo("REQUIRED"))
                .body("duty", equalTo(false))
                .body("draftDueAt", nullValue());
    }

    @Test
    void whatTheCalendarAndTheAlertsSayIsPartOfTheDecision() {
        Instant t0 = begin();
        UUID earlier = StreamIds.next();
        UUID repeat = StreamIds.next();
        UUID elsewhere = StreamIds.next();
        Alert alert = new Alert("k-27", "f-" + repeat, "DiskFull", null, null);
        Feed.send(alerted(earlier, "INC-27", "orders", alert, t0.minus(Duration.ofDays(10))));
        draftOf(earlier);
        Feed.send(alerted(elsewhere, "INC-28", "billing", alert, t0));
        Feed.send(alerted(repeat, "INC-29", "Orders", alert, t0));
        draftOf(repeat);
        draftOf(elsewhere);

        as("viewer")
                .get("/api/v1/requirements/" + repeat)
                .then()
                .body("rules.findAll { it.fired }.code", contains("PAGED_AFTER_HOURS", "REPEAT_WITHIN_30_DAYS"))
                .body(
                        "rules.find { it.code == 'REPEAT_WITHIN_30_DAYS' }.because",
                        equalTo("The same failure mode as INC-27, less than 30 days before."));
        as("viewer")
                .get("/api/v1/requirements/" + elsewhere)
                .then()
                .body("rules.findAll { it.fired }.code", not(hasItem("REPEAT_WITHIN_30_DAYS")));
    }

    @Test
    void aSeverityThatIsCorrectedLaterDecidesTheRequirementAnew() {
        UUID incident = StreamIds.next();
        Feed.send(Story.resolvedIncident(incident, "INC-30", Severity.SEV2, true));
        draftOf(incident);
        Instant t0 = begin();
        Stream stream = Stream.ofIncident(incident);
        Story.resolvedIncident(incident, "INC-30", Severity.SEV2, true)
                .forEach(skipped -> stream.next(skipped.event(), t0, ""));
        Feed.send(stream.next(
                new SeverityChanged(
                        Severity.SEV0,
                        "It was worse.",
                        null,
                        stands(IncidentStatus.RESOLVED, t0, null, t0.plusSeconds(60))),
                t0.plusSeconds(100),
                MIRA.toString()));

        Awaitility.await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> as("viewer")
                .get("/api/v1/requirements/" + incident)
                .then()
                .body("answer", equalTo("REQUIRED")));
    }

    @Test
    void theDutyIsWithdrawnWhileItGoesOnAndComesBackWithNewDeadlines() {
        UUID incident = StreamIds.next();
        Instant t0 = Instant.now().minus(Duration.ofDays(4)).truncatedTo(ChronoUnit.SECONDS);
        Stream stream = Stream.ofIncident(incident);
        Feed.send(
                stream.next(
                        declared(
                                "INC-32",
                                "Down",
                                Severity.SEV1,
                                "cart",
                                IncidentKind.REAL,
                                true,
                                false,
                                stands(IncidentStatus.OPEN, t0, null, null)),
                        t0,
                        MIRA.toString()),
                stream.next(
                        new Resolved(null, null, stands(IncidentStatus.RESOLVED, t0, null, t0.plusSeconds(60))),
                        t0.plusSeconds(60),
                        MIRA.toString()));
        draftOf(incident);
        awaitDuty(incident, true, "required")
                .body(
                        "requirement.draftDueAt",
                        equalTo(t0.plusSeconds(60).plus(Duration.ofHours(48)).toString()))
                .body("steps.find { it.name == 'DRAFT' }.state", equalTo("OVERDUE"));

        Feed.send(stream.next(
                new Reopened("It came back.", null, again(IncidentStatus.ACKNOWLEDGED, t0, null)),
                t0.plusSeconds(600),
                MIRA.toString()));
        awaitDuty(incident, false, "reopened")
                .body("requirement.answer", equalTo("REQUIRED"))
                .body("requirement.draftDueAt", nullValue())
                .body("steps.state", not(hasItem("OVERDUE")))
                .body("steps.dueAt", contains(nullValue(), nullValue(), nullValue(), nullValue(), nullValue()));

        Instant later = t0.plus(Duration.ofDays(3));
        Feed.send(stream.next(
                new Resolved(null, null, again(IncidentStatus.RESOLVED, t0, later)), later, MIRA.toString()));
        awaitDuty(incident, true, "required")
                .body(
                        "requirement.draftDueAt",
                        equalTo(later.plus(Duration.ofHours(48)).toString()))
                .body("steps.find { it.name == 'DRAFT' }.state", equalTo("OPEN"));

        Feed.send(stream.next(
                new Merged(UUID.randomUUID(), null, null, again(IncidentStatus.MERGED, t0, later)),
                later.plusSeconds(60),
                MIRA.toString()));
        awaitDuty(incident, false, "merged").body("steps.state", not(hasItem("OVERDUE")));
    }

    @Test
    void whereItTurnsOutToHaveBeenADrillNobodyIsObliged() {
        UUID incident = StreamIds.next();
        Instant t0 = begin();
        Standing over = stands(IncidentStatus.RESOLVED, t0, null, t0.plusSeconds(60));
        Stream stream = Stream.ofIncident(incident);
        Feed.send(
                stream.next(
                        declared(
                                "INC-37",
                                "Down",
                                Severity.SEV1,
                                "cart",
                                IncidentKind.REAL,
                                true,
                                false,
                                stands(IncidentStatus.OPEN, t0, null, null)),
                        t0,
                        MIRA.toString()),
                stream.next(new Resolved(null, null, over), t0.plusSeconds(60), MIRA.toString()));
        draftOf(incident);
        awaitDuty(incident, true, "required");

        Feed.send(stream.next(
                new Classified(null, null, null, null, IncidentKind.DRILL, over), t0.plusSeconds(90), MIRA.toString()));

        awaitDuty(incident, false, "drill").body("incident.kind", equalTo("DRILL"));
        as("viewer")
                .get("/api/v1/timelines/" + incident + "?kind=CLASSIFIED")
                .then()
                .statusCode(200)
                .body("entries.text", contains("Classified: a drill"));
    }

    @Test
    void whereItIsCanceledAfterItsResolutionNobodyIsObliged() {
        UUID incident = StreamIds.next();
        Instant t0 = Instant.now().minus(Duration.ofDays(4)).truncatedTo(ChronoUnit.SECONDS);
        Standing over = stands(IncidentStatus.RESOLVED, t0, null, t0.plusSeconds(60));
        Stream stream = Stream.ofIncident(incident);
        Feed.send(
                stream.next(
                        declared("INC-33", "Down", Severity.SEV1, "cart", IncidentKind.REAL, true, false, over),
                        t0,
                        MIRA.toString()),
                stream.next(
                        new Canceled("Nobody noticed.", again(IncidentStatus.CANCELED, t0, t0.plusSeconds(60))),
                        t0.plusSeconds(90),
                        MIRA.toString()));
        draftOf(incident);

        awaitDuty(incident, false, "canceled").body("steps.state", not(hasItem("OVERDUE")));
        // A late page of an incident that is over for good decides nothing else.
        Feed.send(stream.next(
                new Paged(MIRA, "PHONE", null, again(IncidentStatus.CANCELED, t0, t0.plusSeconds(60))),
                t0.plusSeconds(20),
                "hindsight"));
        Awaitility.await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> as("viewer")
                .get("/api/v1/postmortems/" + incident)
                .then()
                .body("incident.pages", equalTo(1))
                .body("incident.pagesJudged", equalTo(0))
                .body(
                        "requirement.rules.find { it.code == 'PAGED_AFTER_HOURS' }.because",
                        equalTo("1 page, not judged by a calendar yet."))
                .body("requirement.duty", equalTo(false)));
    }

    private static Standing again(IncidentStatus status, Instant declared, Instant resolved) {
        return Told.of(new Lifecycle(status, new Milestones(null, null, declared, null, null, resolved, null), 1))
                .standing();
    }

    private static ValidatableResponse awaitDuty(UUID incident, boolean duty, String because) {
        String path = "/api/v1/postmortems/" + incident;
        Awaitility.await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> as("viewer")
                .get(path)
                .then()
                .body("requirement.duty", equalTo(duty))
                .body("requirement.dutyBecause", containsString(because)));
        return as("viewer").get(path).then();
    }

    @Test
    void beforeTheResolutionTheAnswerIsAPreview() {
        UUID incident = StreamIds.next();
        Instant t0 = begin();
        Feed.send(Stream.ofIncident(incident)
                .next(
                        declared(
                                "INC-31",
                                "Down",
                                Severity.SEV1,
                                "cart",
                                IncidentKind.REAL,
                                true,
                                false,
                                stands(IncidentStatus.OPEN, t0, null, null)),
                        t0,
                        "hindsight"));
        awaitEntries(incident, 1);

        as("viewer")
                .get("/api/v1/requirements/" + incident)
                .then()
                .statusCode(200)
                .body("answer", equalTo("REQUIRED"))
                .body("decided", equalTo(false))
                .body("duty", equalTo(false));
        as("viewer").get("/api/v1/requirements/" + StreamIds.next()).then().statusCode(404);
        as("viewer").get("/api/v1/postmortems/" + incident).then().statusCode(404);
    }

    private static List<Message> alerted(UUID incident, String reference, String service, Alert alert, Instant t0) {
        Stream stream = Stream.ofIncident(incident);
        Standing open = stands(IncidentStatus.OPEN, t0, null, null);
        return List.of(
                stream.next(declared(reference, "Disk", Severity.SEV2, service, open), t0, "hindsight"),
                stream.next(new AlertFired(alert, null, open), t0, "hindsight"),
                stream.next(new Paged(MIRA, "PHONE", true, open), t0.plusSeconds(5), "hindsight"),
                stream.next(
                        new Resolved(null, null, stands(IncidentStatus.RESOLVED, t0, null, t0.plusSeconds(600))),
                        t0.plusSeconds(600),
                        "hindsight"));
    }
}
