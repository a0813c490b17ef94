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
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.hindsight.contract.ActionItemDetails;
import dev.hindsight.contract.ActionItemDetails.Category;
import dev.hindsight.contract.ActionItemDetails.Priority;
import dev.hindsight.contract.ActionItemEvent.Accepted;
import dev.hindsight.contract.ActionItemEvent.Proposed;
import dev.hindsight.contract.ActionItemEvent.Revised;
import dev.hindsight.contract.CatalogEvent;
import dev.hindsight.contract.IncidentEvent.DecisionRecorded;
import dev.hindsight.contract.IncidentEvent.MessagePosted;
import dev.hindsight.contract.IncidentEvent.Resolved;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.QualityFinding;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Standing;
import dev.hindsight.contract.Topic;
import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.Tokens;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.postmortem.Feed.Message;
import dev.hindsight.postmortem.Feed.Stream;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(HindsightBackends.class)
class DocumentTest {

    private final UUID incident = StreamIds.next();
    private final String postmortem = "/api/v1/postmortems/" + StreamIds.postmortem(incident);

    @BeforeEach
    void people() {
        Story.people();
    }

    @Test
    void aSectionIsWrittenAgainstTheRevisionThatWasRead() {
        resolved("INC-40", Severity.SEV2);
        String summary = postmortem + "/sections/summary";
        as("viewer").get(summary).then().header("ETag", "\"0\"").body("text", nullValue());

        as("editor").body(Map.of("text", "One.")).put(summary).then().statusCode(428);
        write("summary", "0", "One.").statusCode(200).header("ETag", "\"1\"").body("revision", equalTo(1));
        write("summary", "0", "Lost.").statusCode(412);
        write("summary", "1", "Two.").header("ETag", "\"2\"").header("Hindsight-Version", notNullValue());
        write("summary", "2", "Two.").statusCode(200).header("ETag", "\"2\"");

        as("viewer")
                .get(summary)
                .then()
                .header("ETag", "\"2\"")
                .body("text", equalTo("Two."))
                .body("writtenAt", notNullValue());
        // Another section has a revision of its own.
        write("risks", "0", "None.").statusCode(200);
        as("editor")
                .header("If-Match", "\"0\"")
                .body(Map.of("text", "x"))
                .put(postmortem + "/sections/blame")
                .then()
                .statusCode(404);
        as("viewer").get(postmortem + "/sections/blame").then().statusCode(404);
        as("editor")
                .header("If-Match", "\"2\"")
                .body(Map.of())
                .put(summary)
                .then()
                .statusCode(400)
                .body("violations.field", hasItem("text"));
    }

    @Test
    void respondersWriteAndOnlyEditorsBindOthers() {
        resolved("INC-41", Severity.SEV2);
        as("responder")
                .header("If-Match", "\"0\"")
                .body(Map.of("text", "It went well."))
                .put(postmortem + "/sections/went-well")
                .then()
                .statusCode(200);
        as("responder").body(Map.of()).post(postmortem + "/review").then().statusCode(403);
        as("viewer")
                .body(Map.of("category", "PROCESS", "text", "x"))
                .post(postmortem + "/factors")
                .then()
                .statusCode(403);
    }

    @Test
    void factorsHaveChainsOfWhys() {
        resolved("INC-42", Severity.SEV2);
        String location = as("editor")
                .body(Map.of("category", "PROCESS", "key", "load-test-too-small", "text", "Too small a load test."))
                .post(postmortem + "/factors")
                .then()
                .statusCode(201)
                .header("Location", startsWith(postmortem + "/factors/"))
                .body("factors", hasSize(1))
                .extract()
                .header("Location");
        as("editor")
                .body(Map.of("text", "Nobody sized it."))
                .post(location + "/whys")
                .then()
                .statusCode(200);
        as("editor")
                .body(Map.of("text", "No standard."))
                .post(location + "/whys")
                .then()
                .statusCode(200);
        as("viewer").get(location).then().body("whys", contains("Nobody sized it.", "No standard."));

        as("editor")
                .body(Map.of("category", "PROCESS", "key", "load-test-too-small", "text", "Again."))
                .post(postmortem + "/factors")
                .then()
                .statusCode(409)
                .body("reasons.code", contains("FACTOR_NAMED_ALREADY"));
        as("editor")
                .body(Map.of("category", "UNKNOWN", "key", "x", "text", "?"))
                .post(postmortem + "/factors")
                .then()
                .statusCode(400);
        as("editor")
                .body(Map.of("category", "GREMLINS", "text", "?"))
                .post(postmortem + "/factors")
                .then()
                .statusCode(400);

        as("editor").delete(location).then().statusCode(200).body("factors", hasSize(0));
        as("editor").delete(location).then().statusCode(404);
        as("editor").body(Map.of("text", "x")).post(location + "/whys").then().statusCode(404);
        as("viewer").get(location).then().statusCode(404);
    }

    @Test
    void publicationIsRefusedWithEveryReasonAndDoneWhenTheyAreMet() {
        Instant t0 = begin();
        Stream stream = Stream.ofIncident(incident);
        Feed.send(stream.next(
                declared(
                        "INC-43",
                        "Checkout is down",
                        Severity.SEV2,
                        "checkout-api",
                        stands(IncidentStatus.RESOLVED, t0, null, t0.plusSeconds(60))),
                t0,
                "hindsight"));
        draftOf(incident);
        UUID item = StreamIds.next();
        Stream items = new Stream(Topic.ACTION_ITEM_EVENTS, item, incident);
        Feed.send(items.next(
                new Proposed(
                        incident,
                        null,
                        "ACT-1",
                        details("Improve monitoring", null, null),
                        List.of(new QualityFinding("OWNER_MISSING", "owner", "It has no owner.", "Name one person."))),
                t0,
                "hindsight"));
        as("editor")
                .body(Map.of("category", "UNKNOWN", "text", "Why the pool grew is not known."))
                .post(postmortem + "/factors")
                .then()
                .statusCode(201);
        awaitItem("PROPOSED");

        as("editor")
                .body(Map.of())
                .post(postmortem + "/publication")
                .then()
                .statusCode(409)
                .contentType("application/problem+json")
                .body(
                        "reasons.code",
                        contains(
                                "NOT_IN_REVIEW",
                                "OWNER_MISSING",
                                "SUMMARY_MISSING",
                                "IMPACT_MISSING",
                                "INVESTIGATION_MISSING",
                                "ITEM_BELOW_BAR"));

        as("editor")
                .body(Map.of("owner", "mira okafor"))
                .post(postmortem + "/owner")
                .then()
                .statusCode(200)
                .body("owner.name", equalTo("Mira Okafor"));
        write("summary", "0", "It broke, and we mended it.").statusCode(200);
        write("customer-impact", "0", "Nobody could pay.").statusCode(200);
        Feed.send(
                items.next(
                        new Revised(
                                incident,
                                details("Find out why the pool grew", TOMASZ, LocalDate.of(2026, 12, 1)),
                                List.of()),
                        t0,
                        "hindsight"),
                items.next(new Accepted(incident), t0, "hindsight"));
        awaitItem("ACCEPTED");
        as("editor")
                .body(Map.of("reviewers", List.of("Tomasz Brandt", MIRA.toString())))
                .post(postmortem + "/review")
                .then()
                .statusCode(200)
                .body("status", equalTo("IN_REVIEW"))
                .body("review.reviewers.name", contains("Tomasz Brandt", "Mira Okafor"));
        as("editor")
                .body(Map.of())
                .post(postmortem + "/publication")
                .then()
                .statusCode(409)
                .body("reasons.code", contains("NOT_APPROVED"));
        as("editor")
                .body(Map.of())
                .post(postmortem + "/approval")
                .then()
                .statusCode(200)
                .body(
                        "review.approvals[0].reviewer.id",
                        equalTo(StreamIds.person("oidc", Tokens.SUBJECT).toString()));

        // What has been approved is what will be published.
        write("risks", "0", "One more sentence.").statusCode(200);
        as("editor")
                .body(Map.of())
                .post(postmortem + "/publication")
                .then()
                .statusCode(409)
                .body("reasons.code", contains("NOT_APPROVED"))
                .body("reasons[0].message", startsWith("It was changed since it was approved"));
        as("viewer")
                .get(postmortem)
                .then()
                .body("review.approvals", hasSize(0))
                .body("review.changedSinceApproved", equalTo(true))
                .body("steps.find { it.name == 'REVIEW' }.state", equalTo("OPEN"));
        as("editor")
                .body(Map.of())
                .post(postmortem + "/approval")
                .then()
                .statusCode(200)
                .body("review.changedSinceApproved", equalTo(false));
        as("editor")
                .body(Map.of("occurredAt", t0.toString()))
                .post(postmortem + "/publication")
                .then()
                .statusCode(409)
                .body("reasons.code", contains("OUT_OF_ORDER"));

        as("editor")
                .body(Map.of())
                .post(postmortem + "/publication")
                .then()
                .statusCode(200)
                .body("status", equalTo("PUBLISHED"))
                .body("revision", equalTo(1))
                .body("publishedAt", notNullValue())
                .body("steps.state", contains("DONE", "DONE", "DONE", "DONE", "DONE"));
        as("viewer").get(postmortem).then().body("status", equalTo("PUBLISHED"));

        write("summary", "1", "Too late.").statusCode(409);
        as("editor").body(Map.of()).post(postmortem + "/reopening").then().statusCode(400);
        as("editor")
                .body(Map.of("reason", "New facts."))
                .post(postmortem + "/reopening")
                .then()
                .statusCode(200)
                .body("status", equalTo("DRAFT"))
                .body("publishedAt", nullValue());
        write("summary", "1", "Not too late.").statusCode(200);
    }

    @Test
    void aDutyIsWaivedWithAReason() {
        Feed.send(Story.resolvedIncident(incident, "INC-44", Severity.SEV1, true));
        draftOf(incident);
        as("editor")
                .body(Map.of("reason", " "))
                .post(postmortem + "/waiver")
                .then()
                .statusCode(400);
        as("editor")
                .body(Map.of("reason", "Covered by INC-43."))
                .post(postmortem + "/waiver")
                .then()
                .statusCode(200)
                .body("waiver.reason", equalTo("Covered by INC-43."))
                .body("requirement.waived", equalTo(true))
                .body("steps.dueAt", contains(nullValue(), nullValue(), nullValue(), nullValue(), nullValue()));
        as("editor")
                .body(Map.of("reason", "Again."))
                .post(postmortem + "/waiver")
                .then()
                .statusCode(409)
                .body("reasons.code", contains("ALREADY_WAIVED"));
        as("viewer").get("/api/v1/requirements/" + incident).then().body("waived", equalTo(true));
    }

    @Test
    void theSameKeyIsAppliedOnceAndAStaleVersionNotAtAll() {
        resolved("INC-45", Severity.SEV2);
        String etag = as("viewer").get(postmortem).header("ETag");
        Map<String, String> body = Map.of("category", "TOOLING", "text", "One number for all services.");
        String first = as("editor")
                .header("Idempotency-Key", "k-45")
                .body(body)
                .post(postmortem + "/factors")
                .then()
                .statusCode(201)
                .extract()
                .asString();
        as("editor")
                .header("Idempotency-Key", "k-45")
                .body(body)
                .post(postmortem + "/factors")
                .then()
                .statusCode(201)
                .body(equalTo(first));
        as("editor")
                .header("Idempotency-Key", "k-45")
                .body(Map.of("category", "TOOLING", "text", "Another."))
                .post(postmortem + "/factors")
                .then()
                .statusCode(422);
        as("viewer").get(postmortem).then().body("factors", hasSize(1));
        as("editor")
                .header("If-Match", etag)
                .body(body)
                .post(postmortem + "/factors")
                .then()
                .statusCode(412);
        as("editor")
                .body(Map.of(
                        "category",
                        "TOOLING",
                        "text",
                        "x",
                        "occurredAt",
                        Instant.now().plusSeconds(3600).toString()))
                .post(postmortem + "/factors")
                .then()
                .statusCode(400);
    }

    @Test
    void ownersAreNamedByIdOrByAName() {
        resolved("INC-46", Severity.SEV2);
        as("editor")
                .body(Map.of("owner", "Nobody Inparticular"))
                .post(postmortem + "/owner")
                .then()
                .statusCode(400)
                .body("violations.code", contains("PERSON_UNKNOWN"));
        as("editor")
                .body(Map.of("owner", TOMASZ.toString()))
                .post(postmortem + "/owner")
                .then()
                .body("owner.name", equalTo("Tomasz Brandt"));
        as("editor").body(Map.of()).post(postmortem + "/owner").then().body("owner", nullValue());
        as("viewer").get(postmortem).then().body("warnings.code", hasItem("OWNER_MISSING"));
    }

    @Test
    void aListIsNarrowedAndReadInPages() {
        UUID other = StreamIds.next();
        String service = "svc-" + incident;
        for (UUID one : List.of(incident, other)) {
            Instant t0 = begin();
            Stream stream = Stream.ofIncident(one);
            Feed.send(stream.next(
                    declared(
                            "INC-47",
                            "Zebra crossing " + (one.equals(other) ? "quagga" : "okapi"),
                            one.equals(other) ? Severity.SEV1 : Severity.SEV2,
                            service,
                            stands(IncidentStatus.RESOLVED, t0, null, t0.plusSeconds(one.equals(other) ? 60 : 120))),
                    t0,
                    "hindsight"));
            draftOf(one);
        }
        write("learnings", "0", "Capybaras are calm " + service).statusCode(200);
        as("editor")
                .body(Map.of("owner", MIRA.toString()))
                .post(postmortem + "/owner")
                .then()
                .statusCode(200);

        ids("service", service).body("items.incidentId", contains(incident.toString(), other.toString()));
        ids("service", service, "severity", "SEV1").body("items.incidentId", contains(other.toString()));
        ids("service", service, "owner", MIRA).body("items.incidentId", contains(incident.toString()));
        ids("service", service, "status", "PUBLISHED").body("items", hasSize(0));
        ids("service", service, "status", "DRAFT").body("items", hasSize(2));
        ids("service", service, "q", "quagga").body("items.incidentId", contains(other.toString()));
        ids("service", service, "q", "capybaras calm").body("items.incidentId", contains(incident.toString()));
        ids("service", service, "q", "quagga\" or ' -- (").statusCode(200);
        ids("service", service, "from", "2020-01-01", "to", "2020-02-01").body("items", hasSize(0));
        ids("service", service, "from", "2020-01-01")
                .body("items", hasSize(2))
                .body("items[0].owner.name", equalTo("Mira Okafor"));

        String next = ids("service", service, "limit", 1)
                .body("items.incidentId", contains(incident.toString()))
                .extract()
                .path("next");
        ids("service", service, "limit", 1, "cursor", next)
                .body("items.incidentId", contains(other.toString()))
                .body("next", nullValue());

        as("viewer").get("/api/v1/postmortems?overdue=true").then().statusCode(400);
        as("viewer").get("/api/v1/postmortems?severity=BAD").then().statusCode(400);
        as("viewer").get("/api/v1/postmortems?from=yesterday").then().statusCode(400);
    }

    /** The catalog's streams come in an order in which nothing of them is known when it is spoken of, and twice. */
    @Test
    void aServiceIsFoundUnderEveryNameThatIsMergedInAnySpellingAndByItsTeam() {
        String one = incident.toString();
        String service = "checkout-" + one;
        String alias = "Checkout API " + one;
        String team = "Payments " + one;
        Instant t0 = begin();
        Stream ofAlias = catalog(StreamIds.service(alias));
        Stream ofService = catalog(StreamIds.service(service));
        Message merged = ofAlias.next(new CatalogEvent.ServiceLearned(alias, null, "x", "y"), t0, "hindsight");
        List<Message> told = List.of(
                Stream.ofIncident(incident)
                        .next(
                                declared(
                                        "INC-49",
                                        "As the tool has it",
                                        Severity.SEV2,
                                        alias,
                                        stands(IncidentStatus.RESOLVED, t0, null, t0.plusSeconds(60))),
                                t0,
                                "hindsight"),
                merged,
                ofAlias.next(new CatalogEvent.EntryMerged(StreamIds.service(service)), t0, "hindsight"),
                merged,
                ofService.next(new CatalogEvent.ServiceDescribed(service, StreamIds.team(team)), t0, "hindsight"),
                catalog(StreamIds.team(team)).next(new CatalogEvent.TeamLearned(team, null, null), t0, "hindsight"));
        Feed.send(told);
        draftOf(incident);

        Awaitility.await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> ids("team", team)
                .body("items.incidentId", contains(one)));
        ids("service", service).body("items.incidentId", contains(one));
        ids("service", alias.toUpperCase(Locale.ROOT)).body("items.incidentId", contains(one));
        ids("service", " " + service, "team", team.toUpperCase(Locale.ROOT)).body("items.incidentId", contains(one));
        ids("team", team, "service", "search").body("items", hasSize(0));
        ids("team", "Nobody " + one).body("items", hasSize(0));

        Feed.send(ofAlias.next(new CatalogEvent.EntryUnmerged(StreamIds.service(service)), t0, "hindsight"));
        Awaitility.await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> ids("team", team)
                .body("items", hasSize(0)));
        ids("service", alias).body("items.incidentId", contains(one));
    }

    private static Stream catalog(UUID entry) {
        return new Stream(Topic.INCIDENT_EVENTS, entry, entry);
    }

    @Test
    void whoAsksGetsJsonMarkdownOrARefusal() {
        resolved("INC-48", Severity.SEV2);
        String byIncident = "/api/v1/postmortems/" + incident;
        as("viewer")
                .get(byIncident)
                .then()
                .statusCode(200)
                .contentType("application/json")
                .header("ETag", notNullValue());
        as("viewer").accept("*/*").get(byIncident).then().contentType("application/json");
        as("viewer").accept("text/markdown").get(byIncident).then().contentType("text/markdown");
        as("viewer")
                .accept("text/markdown;q=0.5, application/json")
                .get(byIncident)
                .then()
                .contentType("application/json");
        as("viewer").get(byIncident + ".md").then().statusCode(200).contentType("text/markdown");
        as("viewer").get(postmortem + ".md").then().statusCode(200);
        as("viewer").accept("text/html").get(byIncident).then().statusCode(406);
        as("viewer").get("/api/v1/postmortems/" + StreamIds.next()).then().statusCode(404);
        as("viewer")
                .get("/api/v1/postmortems/" + StreamIds.next() + ".md")
                .then()
                .statusCode(404);
    }

    @Test
    void theMarkdownHoldsEveryEntryAndEscapesWhatComesFromOutside() {
        Instant t0 = Instant.parse("2026-05-04T10:12:00Z");
        Standing open = stands(IncidentStatus.OPEN, t0, null, null);
        Stream stream = Stream.ofIncident(incident);
        Feed.send(
                stream.next(
                        declared("INC-49", "Checkout *down* <script>", Severity.SEV1, "checkout_api", open),
                        t0,
                        MIRA.toString()),
                stream.next(
                        new MessagePosted("| a table |\n# and a heading", "#ops", open),
                        t0.plusSeconds(60),
                        MIRA.toString()),
                stream.next(new DecisionRecorded("Roll back.", open), t0.plusSeconds(120), TOMASZ.toString()),
                stream.next(
                        new Resolved(null, null, stands(IncidentStatus.RESOLVED, t0, null, t0.plusSeconds(1920))),
                        t0.plusSeconds(1920),
                        "hindsight"));
        draftOf(incident);
        String draft = as("viewer").get(postmortem + ".md").asString();
        assertThat(draft)
                .startsWith("# Post-mortem: Checkout \\*down\\* \\<script\\>\n")
                .contains("**Date:** 2026-05-04")
                .contains("**Severity:** SEV1")
                .contains("**Owner:** nobody yet")
                .contains("**Status:** Draft")
                .contains("INC-49 (SEV1) affected checkout_api from 2026-05-04 10:12 UTC until 2026-05-04 10:44 UTC"
                        + " (32 minutes): Checkout \\*down\\* \\<script\\>.")
                .contains("- Duration: 32 minutes")
                .contains("- 10:12 — **Declared as SEV1: Checkout \\*down\\* \\<script\\>** (Mira Okafor)")
                .contains("- 10:13 — Message: #ops: \\| a table \\| # and a heading (Mira Okafor)")
                .contains("- 10:14 — **Decision: Roll back.** (Tomasz Brandt)")
                .contains("- 10:44 — **Resolved**\n");
        assertThat(draft.lines().filter(line -> line.startsWith("## ")))
                .containsExactly(
                        "## Summary",
                        "## Impact",
                        "## Timeline (UTC)",
                        "## Contributing factors",
                        "## What went well",
                        "## What went poorly",
                        "## Action items",
                        "## Learnings",
                        "## Risks");

        write("summary", "0", "It **broke**, and we mended it.").statusCode(200);
        String factor = as("editor")
                .body(Map.of("category", "PROCESS", "text", "- Too small a load test."))
                .post(postmortem + "/factors")
                .header("Location");
        as("editor")
                .body(Map.of("text", "Nobody sized it."))
                .post(factor + "/whys")
                .then()
                .statusCode(200);
        as("editor")
                .body(Map.of("text", "No standard."))
                .post(factor + "/whys")
                .then()
                .statusCode(200);
        Stream items = new Stream(Topic.ACTION_ITEM_EVENTS, StreamIds.next(), incident);
        Feed.send(
                items.next(
                        new Proposed(
                                incident,
                                null,
                                "ACT-2",
                                details("Load test | 64 clients", TOMASZ, LocalDate.of(2026, 6, 1)),
                                List.of()),
                        t0,
                        "hindsight"),
                items.next(new Accepted(incident), t0, "hindsight"));
        awaitItem("ACCEPTED");
        assertThat(as("viewer").get(postmortem + ".md").asString())
                .contains("## Summary\n\nIt **broke**, and we mended it.\n")
                .contains("1. \\- Too small a load test. *(process)*\n   - Because: Nobody sized it.\n"
                        + "     - Because: No standard.\n")
                .contains("### Investigative")
                .contains("| Action | Owner | Priority | Due date | Status |")
                .contains("| ACT-2: Load test \\| 64 clients | Tomasz Brandt | High | 2026-06-01 | Accepted |")
                .doesNotContain("INC-49 (SEV1) affected");
    }

    @Test
    void whomTheCatalogDoesNotKnowIsAnUnknownPerson() {
        resolved("INC-50", Severity.SEV2);
        UUID stranger = StreamIds.next();
        Stream items = new Stream(Topic.ACTION_ITEM_EVENTS, StreamIds.next(), incident);
        Feed.send(items.next(
                new Proposed(incident, null, "ACT-3", details("Size the pool", stranger, null), List.of()),
                begin(),
                "hindsight"));
        awaitItem("PROPOSED");
        as("editor")
                .body(Map.of("owner", stranger.toString()))
                .post(postmortem + "/owner")
                .then()
                .statusCode(200);
        as("editor")
                .body(Map.of("reviewers", List.of(stranger.toString())))
                .post(postmortem + "/review")
                .then()
                .statusCode(200)
                .body("review.reviewers[0].id", equalTo(stranger.toString()))
                .body("review.reviewers[0].name", equalTo("unknown person"))
                .body("actionItems[0].owner.id", equalTo(stranger.toString()))
                .body("actionItems[0].owner.name", equalTo("unknown person"));
        assertThat(as("viewer").get(postmortem + ".md").asString())
                .contains("**Owner:** unknown person")
                .contains("| ACT-3: Size the pool | unknown person |")
                .doesNotContain(stranger.toString());
    }

    private void resolved(String reference, Severity severity) {
        Feed.send(Story.resolvedIncident(incident, reference, severity, false));
        draftOf(incident);
        awaitEntries(incident, 3);
    }

    private ValidatableResponse write(String section, String revision, String text) {
        return as("editor")
                .header("If-Match", "\"" + revision + "\"")
                .body(Map.of("text", text))
                .put(postmortem + "/sections/" + section)
                .then();
    }

    private static ValidatableResponse ids(Object... parameters) {
        var request = as("viewer");
        for (int i = 0; i < parameters.length; i += 2) {
            request.queryParam((String) parameters[i], parameters[i + 1]);
        }
        return request.get("/api/v1/postmortems").then().statusCode(200);
    }

    private void awaitItem(String status) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> as("viewer").get(postmortem).then().body("actionItems.status", contains(status)));
    }

    private static ActionItemDetails details(String title, UUID owner, LocalDate due) {
        return new ActionItemDetails(
                title,
                null,
                owner,
                due,
                Priority.HIGH,
                ActionItemDetails.Type.INVESTIGATIVE,
                Category.GUARDRAIL,
                null,
                null);
    }
}
