package dev.hindsight.metrics.domain;

import static dev.hindsight.metrics.domain.Facts.at;
import static dev.hindsight.metrics.domain.Facts.declaration;
import static dev.hindsight.metrics.domain.Facts.declared;
import static dev.hindsight.metrics.domain.Facts.lifecycle;
import static dev.hindsight.metrics.domain.Facts.recorded;
import static dev.hindsight.metrics.domain.Facts.seen;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.contract.Alert;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Lifecycle;
import dev.hindsight.contract.Milestones;
import dev.hindsight.contract.Observed;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Severity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IncidentFoldSpecTest {

    private static final UUID INCIDENT = UUID.fromString("00000000-0000-7000-8000-000000000001");
    private static final Lifecycle OPEN = lifecycle(IncidentStatus.OPEN, declared(at("10:00")));
    private static final Alert ALERT = new Alert("k", "f", "HighErrorRate", null, null);

    private IncidentFold fold;
    private long version;

    @Test
    void aDeclaredIncidentIsAsItWasDeclared() {
        given("10:00", declaration(Severity.SEV1, List.of("checkout", "cart", "checkout"), OPEN));
        assertThat(fact().severity()).isEqualTo(Severity.SEV1);
        assertThat(fact().services()).containsExactly("cart", "checkout");
        assertThat(fact().counts()).isTrue();
        assertThat(fact().at(Moment.DECLARED)).isEqualTo(at("10:00"));
    }

    @Test
    void testsAndDrillsDoNotCount() {
        given("10:00", declaration(Severity.SEV1, List.of(), IncidentKind.DRILL, false, OPEN));
        assertThat(fact().counts()).isFalse();
    }

    @Test
    void aFalseAlarmDoesNotCount() {
        given("10:00", declaration(Severity.SEV1, List.of(), OPEN));
        given("10:05", new IncidentEvent.Canceled(null, lifecycle(IncidentStatus.CANCELED, declared(at("10:00")))));
        assertThat(fact().counts()).isFalse();
    }

    @Test
    void anIncidentThatIsPartOfAnotherDoesNotCount() {
        given("10:00", declaration(Severity.SEV1, List.of(), OPEN));
        given(
                "10:05",
                new IncidentEvent.Merged(null, "X", null, lifecycle(IncidentStatus.MERGED, declared(at("10:00")))));
        assertThat(fact().counts()).isFalse();
    }

    @Test
    void theSignalThatHappenedLastTellsTheSeverityWhicheverArrivedLast() {
        given("10:00", declaration(Severity.SEV3, List.of("checkout"), OPEN));
        given("10:30", new IncidentEvent.Acknowledged(seen(Severity.SEV1, "cart"), OPEN));
        given("10:10", new IncidentEvent.Noted("late", "late", null, seen(Severity.SEV4, "search"), OPEN));
        assertThat(fact().severity()).isEqualTo(Severity.SEV1);
        assertThat(fact().services()).containsExactly("cart");
    }

    @Test
    void anExplicitChangeOfSeverityStandsAboveWhatLaterSignalsMention() {
        given("10:00", declaration(Severity.SEV3, List.of(), OPEN));
        given("10:10", new IncidentEvent.SeverityChanged(Severity.SEV0, null, null, OPEN));
        given("10:30", new IncidentEvent.Resolved(null, seen(Severity.SEV3), OPEN));
        assertThat(fact().severity()).isEqualTo(Severity.SEV0);
    }

    @Test
    void anAlertNamesTheFirstSignalAndChangesNothingElse() {
        given("10:00", declaration(Severity.SEV3, List.of("checkout"), OPEN));
        given("09:55", new IncidentEvent.AlertFired(ALERT, seen(Severity.SEV0, "other"), OPEN));
        given("10:20", new IncidentEvent.AlertFired(ALERT, null, OPEN));
        assertThat(fact().firstAlert()).isEqualTo(at("09:55"));
        assertThat(fact().severity()).isEqualTo(Severity.SEV3);
        assertThat(fact().services()).containsExactly("checkout");
    }

    @Test
    void theFirstPageIsTheEarliestAndNotTheOneThatArrivedFirst() {
        given("10:00", declaration(Severity.SEV3, List.of(), OPEN));
        given("10:05", new IncidentEvent.Paged(INCIDENT, null, null, OPEN));
        given("10:02", new IncidentEvent.Paged(INCIDENT, null, null, OPEN));
        assertThat(fact().firstPage()).isEqualTo(at("10:02"));
    }

    @Test
    void aProvisionalDeclarationDoesNotMakeADrillReal() {
        given("10:00", declaration(Severity.SEV3, List.of(), IncidentKind.TEST, false, OPEN));
        given("10:00", declaration(Severity.SEV3, List.of(), IncidentKind.REAL, true, OPEN));
        assertThat(fact().counts()).isFalse();
    }

    @Test
    void aMessageChangesNothing() {
        given("10:00", declaration(Severity.SEV3, List.of(), OPEN));
        IncidentFact before = fact();
        given("10:10", new IncidentEvent.MessagePosted("looking", null, OPEN));
        assertThat(fact()).isEqualTo(before);
    }

    @Test
    void theEarliestEventPlacesAnIncidentThatNobodyDeclared() {
        given("10:10", new IncidentEvent.Detected(Lifecycle.NONE));
        given("10:02", new IncidentEvent.Noted("x", "x", null, null, Lifecycle.NONE));
        assertThat(fact().firstSeen()).isEqualTo(at("10:02"));
    }

    /** A tool's signals in all 24 orders; whichever comes before the declaration declares provisionally. */
    @Test
    void theOrderInWhichAToolsSignalsArriveDoesNotMatter() {
        Lifecycle end = lifecycle(IncidentStatus.RESOLVED, Facts.resolved(declared(at("10:00")), at("11:00")));
        List<Map.Entry<String, IncidentEvent>> signals = List.of(
                Map.entry("10:00", declaration(Severity.SEV3, List.of("checkout"), end)),
                Map.entry("10:05", new IncidentEvent.Acknowledged(seen(Severity.SEV2, "checkout", "cart"), end)),
                Map.entry("10:10", new IncidentEvent.SeverityChanged(Severity.SEV1, null, seen(Severity.SEV1), end)),
                Map.entry("11:00", new IncidentEvent.Resolved(null, seen(Severity.SEV4, "cart"), end)));
        Set<IncidentFact> results = new HashSet<>();
        permutations(signals).forEach(order -> {
            fold = null;
            version = 0;
            if (!(order.getFirst().getValue() instanceof IncidentEvent.Declared)) {
                given("10:00", declaration(Severity.SEV3, List.of(), IncidentKind.REAL, true, end));
            }
            order.forEach(signal -> given(signal.getKey(), signal.getValue()));
            results.add(fact());
        });
        assertThat(results).hasSize(1);
        assertThat(fact().severity()).isEqualTo(Severity.SEV1);
        assertThat(fact().services()).containsExactly("cart");
    }

    @Test
    void theIntegrationsDefaultGivesWayToASeverityThatTheToolSaidOfAnEarlierMoment() {
        given("10:10", declaration(Severity.SEV4, seen(null, "checkout"), true, OPEN));
        assertThat(fact().severity()).isEqualTo(Severity.SEV4);
        given("10:10", new IncidentEvent.Noted("annotated", "note", null, seen(null, "checkout"), OPEN));
        given("10:00", declaration(Severity.SEV4, seen(Severity.SEV1, "checkout"), false, OPEN));
        assertThat(fact().severity()).isEqualTo(Severity.SEV1);
    }

    @Test
    void theIntegrationsDefaultDoesNotReplaceASeverityThatTheToolSaidBefore() {
        given("10:00", declaration(Severity.SEV4, seen(Severity.SEV1), true, OPEN));
        given("10:10", declaration(Severity.SEV4, seen(null), false, OPEN));
        assertThat(fact().severity()).isEqualTo(Severity.SEV1);
    }

    @Test
    void aPersonsDeclarationIsNoDefault() {
        given("10:00", new IncidentEvent.Noted("annotated", "note", null, seen(Severity.SEV1), OPEN));
        given("10:10", declaration(Severity.SEV2, List.of(), OPEN));
        assertThat(fact().severity()).isEqualTo(Severity.SEV2);
    }

    /** As incident-service tells them: the first signal declares, provisionally unless it is the trigger. */
    @Test
    void howeverAToolsSignalsAreShuffledTheFactIsTheSame() {
        Lifecycle end = lifecycle(IncidentStatus.RESOLVED, Facts.resolved(declared(at("10:00")), at("11:00")));
        record Signal(String at, Observed seen, @Nullable Function<Observed, IncidentEvent> event) {}
        Signal triggered = new Signal("10:00", seen(Severity.SEV1, "checkout"), null);
        List<Signal> quiet = List.of(
                triggered,
                new Signal("10:10", seen(null), seen -> new IncidentEvent.Noted("annotated", "n", null, seen, end)),
                new Signal("10:20", seen(null, "cart"), seen -> new IncidentEvent.Acknowledged(seen, end)),
                new Signal("11:00", seen(null), seen -> new IncidentEvent.Resolved(null, seen, end)));
        List<Signal> talking = new ArrayList<>(quiet);
        talking.add(new Signal(
                "10:15", seen(Severity.SEV2), seen -> new IncidentEvent.Noted("annotated", "n", null, seen, end)));
        for (var story : Map.of(Severity.SEV1, quiet, Severity.SEV2, talking).entrySet()) {
            Set<IncidentFact> results = new HashSet<>();
            for (int seed = 0; seed < 200; seed++) {
                List<Signal> order = new ArrayList<>(story.getValue());
                Collections.shuffle(order, new Random(seed));
                fold = null;
                version = 0;
                for (Signal signal : order) {
                    if (signal == triggered || fold == null) {
                        given(signal.at(), declaration(Severity.SEV3, signal.seen(), signal != triggered, end));
                    }
                    if (signal.event() != null) {
                        given(signal.at(), signal.event().apply(signal.seen()));
                    }
                }
                results.add(fact());
            }
            assertThat(results).singleElement().satisfies(only -> {
                assertThat(only.severity()).isEqualTo(story.getKey());
                assertThat(only.services()).containsExactly("cart");
            });
        }
    }

    @Test
    void timesAreOfMicrosecondsHoweverFinelyTheyAreWritten() {
        Instant fine = at("10:00").plusNanos(123_456_789);
        Instant stored = at("10:00").plusNanos(123_456_000);
        given("10:00", declaration(Severity.SEV3, List.of(), lifecycle(IncidentStatus.OPEN, allAt(fine))));
        IncidentFact before = fact();
        given("10:10", new IncidentEvent.MessagePosted("x", null, lifecycle(IncidentStatus.OPEN, allAt(stored))));
        assertThat(fact()).isEqualTo(before);
        assertThat(fact().milestones()).isEqualTo(allAt(stored));
    }

    private static Milestones allAt(Instant at) {
        return new Milestones(at, at, at, at, at, at, at);
    }

    private static <T> List<List<T>> permutations(List<T> of) {
        if (of.isEmpty()) {
            return List.of(List.of());
        }
        List<List<T>> all = new ArrayList<>();
        for (T first : of) {
            List<T> rest = new ArrayList<>(of);
            rest.remove(first);
            permutations(rest).forEach(tail -> {
                List<T> one = new ArrayList<>(List.of(first));
                one.addAll(tail);
                all.add(one);
            });
        }
        return all;
    }

    private void given(String occurredAt, IncidentEvent event) {
        Instant at = at(occurredAt);
        Recorded<IncidentEvent> next = recorded(INCIDENT, ++version, at, event);
        fold = fold == null ? IncidentFold.begin(next) : fold.evolve(next);
    }

    private IncidentFact fact() {
        return fold.fact();
    }
}
