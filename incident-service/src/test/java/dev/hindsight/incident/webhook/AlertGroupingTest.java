package dev.hindsight.incident.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.contract.Alert;
import dev.hindsight.contract.Observed;
import dev.hindsight.contract.Severity;
import dev.hindsight.incident.domain.Alerts;
import dev.hindsight.incident.domain.Signal;
import dev.hindsight.incident.webhook.AlertGrouping.Route;
import dev.hindsight.incident.webhook.tool.Integration;
import dev.hindsight.incident.webhook.tool.Provider;
import dev.hindsight.incident.webhook.tool.ToolFact.OfAlert;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AlertGroupingTest {

    private static final Instant T0 = Instant.parse("2026-11-21T14:00:00Z");
    private static final Observed SEEN = new Observed("High", Severity.SEV2, List.of("checkout"), null, null);

    private final Integration integration = new Integration(
            new UUID(0, 1),
            Provider.ALERTMANAGER,
            List.of("secret"),
            null,
            Severity.SEV3,
            Map.of(),
            true,
            Duration.ofHours(1));

    private OfAlert alert(String watch, Instant at, boolean over, boolean startSaid) {
        Alert alert = new Alert(Alerts.occurrence(integration.id(), watch, at), watch, "High", null, null);
        return new OfAlert(
                alert,
                "checkout",
                Severity.SEV2,
                alert.key() + (over ? "|resolved" : "|firing"),
                over ? new Signal.AlertResolved(alert, SEEN) : new Signal.AlertFired(alert, SEEN),
                at,
                0,
                "High",
                at,
                startSaid);
    }

    private OfAlert fires(String watch, int second) {
        return alert(watch, T0.plusSeconds(second), false, true);
    }

    private OfAlert goesOn(String watch, int second) {
        return alert(watch, T0.plusSeconds(second), false, false);
    }

    private OfAlert ends(String watch, int second) {
        return alert(watch, T0.plusSeconds(second), true, false);
    }

    private static List<List<Integer>> sizes(List<List<OfAlert>> deliveries) {
        return AlertGrouping.rounds(deliveries, alerts -> alerts).stream()
                .map(round -> round.stream().map(deliveries::indexOf).toList())
                .toList();
    }

    /** Whichever of them is recorded first declares it: of two instances only one may. */
    @Test
    void whatJoinsAnIncidentThatIsOnlyAboutToBeDeclaredTakesTheSameTurn() {
        AlertGrouping nothing = new AlertGrouping(Map.of(), Map.of(), List.of(), Map.of("checkout", 4L), Map.of());
        Map<String, Route> routes = nothing.routes(integration, List.of(fires("a", 0), fires("b", 1)));
        Route first = routes.get(fires("a", 0).alert().key());
        Route second = routes.get(fires("b", 1).alert().key());
        assertThat(first.declares()).isTrue();
        assertThat(first.turn().number()).isEqualTo(5);
        assertThat(second.declares()).isFalse();
        assertThat(second.incident()).isEqualTo(first.incident());
        assertThat(second.turn()).isEqualTo(first.turn());
    }

    @Test
    void whatJoinsAnIncidentOnRecordTakesNoTurn() {
        UUID known = new UUID(0, 7);
        AlertGrouping open = new AlertGrouping(
                Map.of(),
                Map.of(),
                List.of(new AlertGrouping.Open(known, List.of("checkout"), T0)),
                Map.of("checkout", 1L),
                Map.of());
        Route route = open.routes(integration, List.of(fires("a", 0)))
                .get(fires("a", 0).alert().key());
        assertThat(route.incident()).isEqualTo(known);
        assertThat(route.turn()).isNull();
    }

    @Test
    void anAlertJoinsTheIncidentOfItsServiceByWhicheverName() {
        UUID known = new UUID(0, 7);
        AlertGrouping open = new AlertGrouping(
                Map.of(),
                Map.of(),
                List.of(new AlertGrouping.Open(known, List.of("shop"), T0)),
                Map.of(),
                Map.of("checkout", "shop"));
        assertThat(open.routes(integration, List.of(fires("a", 0))).values())
                .extracting(Route::incident)
                .containsExactly(known);
    }

    @Test
    void twoNamesOfOneServiceTakeOneTurnOfItsName() {
        AlertGrouping nothing = new AlertGrouping(
                Map.of(), Map.of(), List.of(), Map.of("shop", 2L), Map.of("checkout", "shop", "Shop", "shop"));
        Map<String, Route> routes = nothing.routes(integration, List.of(fires("a", 0), fires("b", 1)));
        assertThat(routes.values()).extracting(Route::turn).allSatisfy(turn -> {
            assertThat(turn.scope()).isEqualTo("shop");
            assertThat(turn.number()).isEqualTo(3);
        });
    }

    @Test
    void alertsThatSayWhenTheyBeganAreRoutedByOneLookWhateverTheyTell() {
        assertThat(sizes(List.of(
                        List.of(fires("a", 0)),
                        List.of(alert("a", T0, true, true)),
                        List.of(fires("a", 1)),
                        List.of(fires("b", 2)))))
                .containsExactly(List.of(0, 1, 2, 3));
    }

    @Test
    void whatIsToldOfAWatchWaitsUntilWhatWasToldBeforeIsOnRecord() {
        assertThat(sizes(List.of(
                        List.of(goesOn("a", 0)),
                        List.of(goesOn("b", 1)),
                        List.of(goesOn("a", 2)),
                        List.of(goesOn("b", 3)),
                        List.of(goesOn("c", 4)))))
                .containsExactly(List.of(0, 1), List.of(2, 3, 4));
    }

    @Test
    void whatFiresAfterAnEndWaitsUntilItIsKnownWhetherTheIncidentIsOver() {
        assertThat(sizes(List.of(
                        List.of(ends("a", 0)),
                        List.of(ends("b", 1)),
                        List.of(goesOn("c", 2)),
                        List.of(goesOn("d", 3)),
                        List.of(ends("e", 4)))))
                .containsExactly(List.of(0, 1), List.of(2, 3, 4));
    }
}
