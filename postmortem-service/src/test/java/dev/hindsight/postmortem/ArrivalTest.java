package dev.hindsight.postmortem;

import static dev.hindsight.postmortem.Story.MIRA;
import static dev.hindsight.postmortem.Story.as;
import static dev.hindsight.postmortem.Story.awaitEntries;
import static dev.hindsight.postmortem.Story.begin;
import static dev.hindsight.postmortem.Story.stands;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentEvent.Acknowledged;
import dev.hindsight.contract.IncidentEvent.Declared;
import dev.hindsight.contract.IncidentEvent.Noted;
import dev.hindsight.contract.IncidentEvent.Resolved;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Lifecycle;
import dev.hindsight.contract.Observed;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Standing;
import dev.hindsight.contract.Visibility;
import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.Told;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.postmortem.Feed.Message;
import dev.hindsight.postmortem.Feed.Stream;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In whatever order signals arrived, timeline and incident are the same: the incident is as its newest event says. */
@QuarkusTest
@QuarkusTestResource(HindsightBackends.class)
class ArrivalTest {

    private static final String NAMELESS = "Incident Q1";

    /** What a tool tells: when, and what it saw. */
    private record Signal(Kind kind, int seconds, Observed seen) {}

    private enum Kind {
        TRIGGERED,
        ANNOTATED,
        ACKNOWLEDGED,
        RESOLVED
    }

    @BeforeEach
    void people() {
        Story.people();
    }

    @Test
    void theNewestEventSaysTitleSeverityAndServicesWhateverItsSignalMentions() {
        List<Signal> story = List.of(
                new Signal(Kind.TRIGGERED, 0, seen("A title of the trigger", Severity.SEV3, "cart")),
                new Signal(Kind.ACKNOWLEDGED, 60, seen("A title of the acknowledgement", Severity.SEV4, null)),
                new Signal(Kind.ANNOTATED, 300, seen("A title of the annotation", null, "orders")),
                new Signal(Kind.RESOLVED, 1200, seen(null, Severity.SEV0, null)));

        inAnyOrder(story, "Pool exhausted", Severity.SEV1);
    }

    private static void inAnyOrder(List<Signal> story, String title, Severity severity) {
        Instant t0 = begin();
        UUID integration = StreamIds.next();
        Random seeded = new Random(20_260_504);
        Map<UUID, List<Signal>> arrivals = new LinkedHashMap<>();
        List<Message> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            List<Signal> arrival = new ArrayList<>(story);
            if (i > 0) {
                Collections.shuffle(arrival, seeded);
            }
            UUID incident = StreamIds.next();
            arrivals.put(incident, arrival);
            all.addAll(messages(incident, integration, t0, story, arrival, title, severity));
        }
        Feed.send(all);

        List<String> told = new ArrayList<>();
        arrivals.forEach((incident, arrival) -> {
            awaitEntries(incident, 4);
            Awaitility.await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> as("viewer")
                    .get("/api/v1/postmortems/" + incident)
                    .then()
                    .body("incident.title", equalTo(title))
                    .body("incident.severity", equalTo(severity.name()))
                    .body("incident.services", contains("checkout-api"))
                    .body("owner.name", equalTo("Mira Okafor"))
                    .body(
                            "requirement.rules.find { it.code == 'MAJOR_CUSTOMER_FACING' }.because",
                            startsWith("Severity is " + severity)));
            told.add(TimelineTest.told(incident));
        });
        assertThat(told).containsOnly(told.getFirst());
    }

    /** As incident-service records them: the first signal declares, provisionally unless it is the trigger. */
    private static List<Message> messages(
            UUID incident,
            UUID integration,
            Instant t0,
            List<Signal> story,
            List<Signal> arrival,
            String title,
            Severity severity) {
        Stream stream = Stream.ofIncident(incident);
        List<Message> messages = new ArrayList<>();
        boolean acknowledged = false;
        boolean resolved = false;
        for (Signal signal : arrival) {
            acknowledged |= signal.kind() == Kind.ACKNOWLEDGED;
            resolved |= signal.kind() == Kind.RESOLVED;
            Instant ack = t0.plusSeconds(story.stream()
                    .filter(one -> one.kind() == Kind.ACKNOWLEDGED)
                    .findFirst()
                    .orElseThrow()
                    .seconds());
            boolean allIsKnown = signal == arrival.getLast();
            Lifecycle lifecycle = stands(
                            resolved
                                    ? IncidentStatus.RESOLVED
                                    : acknowledged ? IncidentStatus.ACKNOWLEDGED : IncidentStatus.OPEN,
                            t0,
                            acknowledged ? ack : null,
                            resolved ? t0.plusSeconds(1200) : null)
                    .lifecycle();
            Standing now = Told.of(lifecycle)
                    .as("INC-60", allIsKnown ? title : NAMELESS, allIsKnown ? severity : Severity.SEV3)
                    .services(allIsKnown ? "checkout-api" : "unknown")
                    .customerFacing(true)
                    .acknowledgedBy(acknowledged ? MIRA : null)
                    .standing();
            Instant at = t0.plusSeconds(signal.seconds());
            UUID delivery = StreamIds.named(integration, "delivery " + signal.kind());
            if (messages.isEmpty() && signal.kind() != Kind.TRIGGERED) {
                messages.add(message(stream, declared(signal.seen(), true, now), at, integration, delivery));
            }
            IncidentEvent event =
                    switch (signal.kind()) {
                        case TRIGGERED -> declared(signal.seen(), false, now);
                        case ANNOTATED -> new Noted("incident.annotated", "Rollback started", null, signal.seen(), now);
                        case ACKNOWLEDGED -> new Acknowledged(signal.seen(), now);
                        case RESOLVED -> new Resolved(null, signal.seen(), now);
                    };
            messages.add(message(stream, event, at, integration, delivery));
        }
        return messages;
    }

    private static Message message(Stream stream, IncidentEvent event, Instant at, UUID integration, UUID delivery) {
        return stream.next(
                event, at, 0, at.plusSeconds(2000), MIRA.toString(), "/integrations/" + integration, delivery);
    }

    private static Declared declared(Observed seen, boolean provisional, Standing now) {
        return new Declared(
                "INC-60",
                seen.title() != null ? seen.title() : NAMELESS,
                seen.severity() != null ? seen.severity() : Severity.SEV3,
                seen.services(),
                null,
                true,
                false,
                IncidentKind.REAL,
                Visibility.INTERNAL,
                provisional,
                "pagerduty:Q1",
                seen,
                now);
    }

    private static Observed seen(String title, Severity severity, String service) {
        return new Observed(title, severity, service == null ? List.of() : List.of(service), null, null);
    }
}
