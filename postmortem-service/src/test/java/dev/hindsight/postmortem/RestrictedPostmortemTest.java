package dev.hindsight.postmortem;

import static dev.hindsight.postmortem.Story.begin;
import static dev.hindsight.postmortem.Story.stands;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.contract.ActionItemDetails;
import dev.hindsight.contract.ActionItemEvent;
import dev.hindsight.contract.Alert;
import dev.hindsight.contract.CatalogEvent.PersonLinked;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentEvent.AlertFired;
import dev.hindsight.contract.IncidentEvent.Declared;
import dev.hindsight.contract.IncidentEvent.Merged;
import dev.hindsight.contract.IncidentEvent.Paged;
import dev.hindsight.contract.IncidentEvent.ParticipantAdded;
import dev.hindsight.contract.IncidentEvent.ParticipantRemoved;
import dev.hindsight.contract.IncidentEvent.Resolved;
import dev.hindsight.contract.IncidentEvent.RoleAssigned;
import dev.hindsight.contract.IncidentEvent.VisibilityChanged;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Standing;
import dev.hindsight.contract.Topic;
import dev.hindsight.contract.Visibility;
import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.RestrictedMatrix;
import dev.hindsight.conventions.testing.Tokens;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.postmortem.Feed.Stream;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What belongs to a restricted incident here, as incident-service's and action-item-service's events tell. */
@QuarkusTest
@QuarkusTestResource(HindsightBackends.class)
class RestrictedPostmortemTest extends RestrictedMatrix {

    private static final String OUTSIDER = "outsider";

    /** An incident that is over, with a word in its title that no other has. */
    private static final class Story {
        final UUID id = StreamIds.next();
        final String word = "zq" + UUID.randomUUID().toString().replace("-", "");
        final String reference = "INC-" + ThreadLocalRandom.current().nextLong(1_000_000, Long.MAX_VALUE / 10);
        final Instant begin = begin();
        final Standing open = stands(IncidentStatus.OPEN, begin, null, null);
        final Standing over = stands(IncidentStatus.RESOLVED, begin, null, begin.plusSeconds(600));
        final Stream stream = Stream.ofIncident(id);

        Story(Visibility visibility) {
            says(declared(visibility, "checkout-" + word));
        }

        private Declared declared(Visibility visibility, String service) {
            return new Declared(
                    reference,
                    "Leak " + word,
                    Severity.SEV1,
                    List.of(service),
                    null,
                    true,
                    false,
                    IncidentKind.REAL,
                    visibility,
                    false,
                    null,
                    null,
                    open);
        }

        Story says(IncidentEvent event) {
            return says(event, begin.plusSeconds(5));
        }

        Story says(IncidentEvent event, Instant at) {
            Feed.send(stream.next(event, at, "hindsight"));
            return this;
        }

        Story resolved() {
            return says(new Resolved(null, null, over), begin.plusSeconds(600));
        }

        Story restricted() {
            return says(new VisibilityChanged(Visibility.RESTRICTED, null, over));
        }

        void drafted() {
            until(() -> seenBy("admin", "an-admin") == 200);
        }

        int seenBy(String role, String subject) {
            return get(role, subject, "/api/v1/postmortems/" + id).statusCode();
        }

        int seenBy(String subject) {
            return seenBy("viewer", subject);
        }

        String list(String subject) {
            return get("viewer", subject, "/api/v1/postmortems?q=" + word).asString();
        }
    }

    private static UUID person(String subject) {
        return StreamIds.person("oidc", subject);
    }

    private static io.restassured.response.Response get(String role, String subject, String path) {
        return RestAssured.given()
                .header("Authorization", Tokens.bearer(role, subject))
                .get(path);
    }

    private static void until(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(50))
                .until(condition);
    }

    @Override
    protected Case restricted() {
        Story story = new Story(Visibility.RESTRICTED);
        story.says(new RoleAssigned("INCIDENT_COMMANDER", person("commander"), story.open))
                .says(new Paged(person("paged"), null, null, story.open))
                .says(new ParticipantAdded(person("added"), story.open))
                .resolved();
        UUID item = StreamIds.next();
        Feed.send(new Stream(Topic.ACTION_ITEM_EVENTS, item, story.id)
                .next(
                        new ActionItemEvent.Proposed(
                                story.id,
                                null,
                                "ACT-1",
                                new ActionItemDetails(
                                        "Rotate " + story.word,
                                        null,
                                        person("item-owner"),
                                        null,
                                        null,
                                        null,
                                        null,
                                        null,
                                        null),
                                List.of()),
                        story.begin,
                        "hindsight"));
        story.drafted();
        until(() -> story.seenBy("item-owner") == 200);
        return new Case() {
            @Override
            public String value(String path, String parameter) {
                if (path.startsWith("/api/v1/parked-events")
                        || path.startsWith("/api/v1/projections")
                        || path.startsWith("/api/v1/api-tokens")) {
                    return null;
                }
                return switch (parameter) {
                    case "name" -> "summary";
                    case "factorId" -> "00000000-0000-0000-0000-000000000000";
                    default -> story.id.toString();
                };
            }

            @Override
            public List<String> secrets() {
                return List.of(
                        story.id.toString(),
                        StreamIds.postmortem(story.id).toString(),
                        story.word,
                        "\"" + story.reference + "\"");
            }

            @Override
            public List<String> notRead() {
                return List.of(
                        "GET /api/v1/postmortems/{id}/factors/{factorId}",
                        "GET /api/v1/streams/{id}/events",
                        "GET /api/v1/streams/{id}/verification");
            }

            @Override
            public Map<String, String> bodies() {
                String of = "POST /api/v1/postmortems/{id}/";
                return Map.of(
                        "PUT /api/v1/postmortems/{id}/sections/{name}",
                        "{\"text\":\"x\"}",
                        of + "factors",
                        "{\"category\":\"PROCESS\",\"text\":\"x\"}",
                        of + "factors/{factorId}/whys",
                        "{\"text\":\"x\"}",
                        of + "owner",
                        "{\"owner\":\"" + person(OUTSIDER) + "\"}",
                        of + "waiver",
                        "{\"reason\":\"x\"}",
                        of + "reopening",
                        "{\"reason\":\"x\"}");
            }

            @Override
            public Map<String, String> admitted() {
                return Map.of(
                        "an admin", Tokens.bearer("admin", "an-admin"),
                        "who holds a role", Tokens.bearer("viewer", "commander"),
                        "who was paged", Tokens.bearer("viewer", "paged"),
                        "who was added", Tokens.bearer("viewer", "added"),
                        "who owns an action item", Tokens.bearer("viewer", "item-owner"));
            }
        };
    }

    @Test
    void anIncidentRestrictedAfterItsPublicationDisappearsAndComesBackWhenItIsOpened() {
        Story story = new Story(Visibility.INTERNAL).resolved();
        story.drafted();
        assertThat(story.seenBy(OUTSIDER)).isEqualTo(200);
        assertThat(story.list(OUTSIDER)).contains(story.word);

        story.restricted();

        until(() -> story.seenBy(OUTSIDER) == 404);
        assertThat(story.list(OUTSIDER)).doesNotContain(story.word);
        assertThat(get("viewer", OUTSIDER, "/api/v1/timelines/" + story.id).statusCode())
                .isEqualTo(404);
        assertThat(get("viewer", OUTSIDER, "/api/v1/requirements/" + story.id).statusCode())
                .isEqualTo(404);
        story.says(new VisibilityChanged(Visibility.INTERNAL, "nothing was read", story.over));
        until(() -> story.seenBy(OUTSIDER) == 200);
        assertThat(story.list(OUTSIDER)).contains(story.word);
    }

    @Test
    void aLateDeclarationOfAToolDoesNotOpenWhatSomebodyRestricted() {
        Story story = new Story(Visibility.INTERNAL).resolved().restricted();
        until(() -> story.seenBy(OUTSIDER) == 404 && story.seenBy("admin", "an-admin") == 200);

        story.says(story.declared(Visibility.INTERNAL, "checkout"))
                .says(new ParticipantAdded(person("later"), story.over));

        until(() -> story.seenBy("later") == 200);
        assertThat(story.seenBy(OUTSIDER)).isEqualTo(404);
    }

    @Test
    void theLastHolderOfARoleCountsInWhateverOrderItIsTold() {
        Story story = new Story(Visibility.RESTRICTED);
        story.says(new RoleAssigned("SCRIBE", person("holder"), story.open), story.begin.plusSeconds(100))
                .says(new RoleAssigned("SCRIBE", person("earlier"), story.open), story.begin.plusSeconds(50))
                .says(new ParticipantAdded(person("passing"), story.open))
                .says(new ParticipantRemoved(person("passing"), story.open))
                .resolved();

        story.drafted();

        until(() -> story.seenBy("holder") == 200);
        assertThat(story.seenBy("earlier")).isEqualTo(404);
        assertThat(story.seenBy("passing")).isEqualTo(404);
    }

    @Test
    void whomAToolKnowsSeesItUnderTheSubjectThatTheyAreLinkedTo() {
        Story story = new Story(Visibility.RESTRICTED);
        UUID ofTool = StreamIds.person("pagerduty", "P" + story.word);
        story.says(new Paged(ofTool, null, null, story.open)).resolved();
        story.drafted();
        assertThat(story.seenBy("linked-" + story.word)).isEqualTo(404);

        Feed.send(new Stream(Topic.INCIDENT_EVENTS, ofTool, ofTool)
                .next(new PersonLinked("linked-" + story.word), story.begin, "hindsight"));

        until(() -> story.seenBy("linked-" + story.word) == 200);
    }

    @Test
    void aTimelineDoesNotNameARestrictedIncidentThatItsOwnWasMergedInto() {
        Story hidden = new Story(Visibility.RESTRICTED);
        Story shown = new Story(Visibility.INTERNAL);
        shown.says(new Merged(hidden.id, null, null, shown.open));
        until(() -> get("admin", "an-admin", "/api/v1/timelines/" + shown.id)
                .asString()
                .contains("Merged into " + hidden.reference));

        assertThat(get("viewer", OUTSIDER, "/api/v1/timelines/" + shown.id).asString())
                .contains("Merged into another incident")
                .doesNotContain(hidden.reference)
                .doesNotContain(hidden.id.toString());
    }

    @Test
    void aRequirementDoesNotNameARestrictedIncidentThatItRepeats() {
        Story earlier = new Story(Visibility.RESTRICTED);
        Story repeat = new Story(Visibility.INTERNAL);
        String service = "same-" + earlier.word;
        earlier.says(earlier.declared(Visibility.RESTRICTED, service), earlier.begin.plusSeconds(1));
        repeat.says(repeat.declared(Visibility.INTERNAL, service), repeat.begin.plusSeconds(2));
        for (Story story : List.of(earlier, repeat)) {
            story.says(
                    new AlertFired(new Alert("k" + story.word, "f" + service, "Down", null, null), null, story.open));
        }
        earlier.says(new Resolved(
                null,
                null,
                stands(IncidentStatus.RESOLVED, earlier.begin.minusSeconds(60), null, earlier.begin.plusSeconds(600))));
        until(() -> get("admin", "an-admin", "/api/v1/requirements/" + earlier.id)
                .asString()
                .contains("\"decided\":true"));
        repeat.resolved();
        until(() -> get("admin", "an-admin", "/api/v1/postmortems/" + repeat.id)
                .asString()
                .contains(earlier.reference));

        UUID stream = StreamIds.postmortem(repeat.id);
        for (String path : List.of(
                "/api/v1/requirements/" + repeat.id,
                "/api/v1/postmortems/" + repeat.id,
                "/api/v1/streams/" + stream + "/events",
                "/api/v1/events?stream=" + stream)) {
            until(() -> get("admin", "an-admin", path).asString().contains(earlier.reference));
            assertThat(get("viewer", OUTSIDER, path).asString())
                    .as(path)
                    .contains("The same failure mode as another incident")
                    .doesNotContain(earlier.reference);
        }
    }
}
