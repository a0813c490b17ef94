package dev.hindsight.metrics.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Topic;
import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.Told;
import dev.hindsight.eventstore.consume.OrderedApply;
import dev.hindsight.metrics.Feed;
import dev.hindsight.metrics.IncidentStory;
import dev.hindsight.metrics.domain.Facts;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** However the same events come in, the tables are equal. */
@QuarkusTest
@QuarkusTestResource(HindsightBackends.class)
class ProjectionTest {

    @Inject
    OrderedApply orderedApply;

    @Inject
    Feed feed;

    private final List<IncidentStory> stories = List.of(
            new IncidentStory(Severity.SEV1, "checkout", "cart")
                    .declared("2026-11-16T10:00:00Z")
                    .paged("2026-11-16T09:58:00Z")
                    .messaged("2026-11-16T10:01:00Z")
                    .acknowledged("2026-11-16T10:04:00Z")
                    .severityChanged(Severity.SEV0, "2026-11-16T10:05:00Z")
                    .resolved("2026-11-16T11:00:00Z")
                    .reopened("2026-11-16T11:30:00Z")
                    .resolved("2026-11-16T12:00:00Z")
                    .drafted("2026-11-16T11:00:01Z", "2026-11-16T11:00:00Z")
                    .published("2026-11-17T11:00:00Z")
                    .item("proposed", "accepted", "started", "completed", "verified")
                    .item("proposed", "canceled"),
            new IncidentStory(Severity.SEV3, "search")
                    .alertFired("2026-11-16T08:55:00Z")
                    .declared("2026-11-16T09:00:00Z")
                    .resolved("2026-11-16T09:10:00Z")
                    .item("proposed"),
            new IncidentStory(Severity.SEV2).declared("2026-11-16T09:00:00Z").canceled("2026-11-16T09:01:00Z"));

    private List<String> inOrder;

    @BeforeEach
    void theTablesAreKnownForEventsInOrder() {
        feed.forgetEverything();
        for (Topic topic : Topic.values()) {
            apply(topic, all(topic));
        }
        inOrder = feed.tables();
        assertThat(inOrder).hasSizeGreaterThan(20);
        feed.forgetEverything();
    }

    @Test
    void everyEventInABatchOfItsOwn() {
        for (Topic topic : Topic.values()) {
            all(topic).forEach(event -> apply(topic, List.of(event)));
        }
        assertThat(feed.tables()).isEqualTo(inOrder);
    }

    @Test
    void everyEventTwice() {
        for (Topic topic : Topic.values()) {
            List<Recorded<DomainEvent>> twice = new ArrayList<>();
            all(topic).forEach(event -> Collections.addAll(twice, event, event));
            apply(topic, twice);
            apply(topic, twice);
        }
        assertThat(feed.tables()).isEqualTo(inOrder);
    }

    @Test
    void inAnyOrderAndInAnyBatches() {
        for (int seed = 0; seed < 10; seed++) {
            feed.forgetEverything();
            Random random = new Random(seed);
            List<Topic> topics = new ArrayList<>(List.of(Topic.values()));
            Collections.shuffle(topics, random);
            for (Topic topic : topics) {
                List<Recorded<DomainEvent>> shuffled = new ArrayList<>(all(topic));
                Collections.shuffle(shuffled, random);
                for (int from = 0; from < shuffled.size(); ) {
                    int to = Math.min(shuffled.size(), from + 1 + random.nextInt(5));
                    apply(topic, shuffled.subList(from, to));
                    from = to;
                }
            }
            assertThat(feed.tables()).as("seed " + seed).isEqualTo(inOrder);
        }
    }

    @Test
    void fromTheStartAgainAfterARestartInTheMiddle() {
        for (Topic topic : Topic.values()) {
            List<Recorded<DomainEvent>> events = all(topic);
            apply(topic, events.subList(0, events.size() / 2));
            apply(topic, events);
        }
        assertThat(feed.tables()).isEqualTo(inOrder);
    }

    @Test
    void anEventThatChangesNothingWritesNoHistory() {
        IncidentStory story = stories.getFirst();
        apply(Topic.INCIDENT_EVENTS, story.events(Topic.INCIDENT_EVENTS));
        assertThat(feed.query("select version::text from incident_fact order by version"))
                .containsExactly("1", "2", "4", "5", "6", "7", "8");
    }

    /** A milestone is told in nanoseconds by the event that sets it, and in microseconds once its owner has read it again. */
    @Test
    void aMilestoneThatLosesItsNanosecondsWritesNoHistory() {
        Instant fine = Instant.parse("2026-11-16T10:00:00.123456789Z");
        Instant stored = Instant.parse("2026-11-16T10:00:00.123456Z");
        UUID incident = UUID.randomUUID();
        List<Recorded<DomainEvent>> events = List.of(
                Facts.recorded(
                        incident,
                        1,
                        stored,
                        Facts.declaration(Told.of(Facts.lifecycle(IncidentStatus.OPEN, Facts.declared(fine)))
                                .standing())),
                Facts.recorded(
                        incident,
                        2,
                        stored,
                        new IncidentEvent.MessagePosted(
                                "x",
                                null,
                                Told.of(Facts.lifecycle(IncidentStatus.OPEN, Facts.declared(stored)))
                                        .standing())));
        events.forEach(event -> apply(Topic.INCIDENT_EVENTS, List.of(event)));
        List<String> oneByOne = feed.tables();
        feed.forgetEverything();
        apply(Topic.INCIDENT_EVENTS, events);
        assertThat(feed.tables()).isEqualTo(oneByOne);
        assertThat(feed.query("select version || ' ' || (declared_at = '" + stored + "') from incident_fact"))
                .containsExactly("1 true");
    }

    @Test
    void historyHasNoGapsAndNoOverlapsAndOneRowOfNow() {
        for (Topic topic : Topic.values()) {
            apply(topic, all(topic));
        }
        for (String table : List.of(
                "incident_fact:incident_id", "postmortem_fact:postmortem_id", "action_item_fact:action_item_id")) {
            String name = table.substring(0, table.indexOf(':'));
            String id = table.substring(table.indexOf(':') + 1);
            assertThat(feed.query("select 'broken' from (select superseded_at, lead(recorded_at, 1, 'infinity') over"
                            + " (partition by " + id + " order by version) as next from " + name
                            + ") t where superseded_at <> next"))
                    .as(name)
                    .isEmpty();
        }
    }

    @Test
    void streamsOfTheTopicThatAreNoIncidentsAreNotItsBusiness() {
        var person = new dev.hindsight.contract.CatalogEvent.PersonLearned("Ada", "oidc", "ada");
        apply(Topic.INCIDENT_EVENTS, List.of(Facts.recorded(UUID.randomUUID(), 1, Instant.EPOCH, (DomainEvent)
                person)));
        assertThat(feed.query("select 'x' from incident_fact")).isEmpty();
        assertThat(feed.query("select consumer from applied"))
                .containsExactlyInAnyOrder(
                        "access",
                        "api-tokens",
                        "catalog",
                        "metrics-incidents",
                        "metrics-deploys",
                        "metrics-deploy-links",
                        "metrics-pages",
                        "metrics-calendars");
    }

    private List<Recorded<DomainEvent>> all(Topic topic) {
        return stories.stream()
                .flatMap(story -> story.events(topic).stream())
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private void apply(Topic topic, List<Recorded<DomainEvent>> events) {
        orderedApply.apply(topic, Feed.batch(topic, events)).await().atMost(Duration.ofSeconds(10));
    }
}
