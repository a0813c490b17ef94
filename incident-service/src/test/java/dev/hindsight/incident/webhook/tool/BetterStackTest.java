package dev.hindsight.incident.webhook.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.incident.domain.Signal;
import org.junit.jupiter.api.Test;

class BetterStackTest {

    private static final String STARTED = "\"started_at\":\"2026-11-20T10:00:00.151Z\"";

    private static Translation event(String event, String attributes) {
        return Delivered.by(
                Provider.BETTERSTACK,
                "{\"event\":\"%s\",\"data\":{\"id\":\"4711\",\"type\":\"incident\",\"attributes\":{\"name\":\"Shop\",\"cause\":\"Status 503\",%s}}}"
                        .formatted(event, attributes));
    }

    @Test
    void aResolutionTellsEveryStepBeforeItInTheWordsOfTheirOwnDeliveries() {
        String acknowledged = STARTED + ",\"acknowledged_at\":\"2026-11-20T10:04:00.768Z\"";
        Translation resolved = event("resolved", acknowledged + ",\"resolved_at\":\"2026-11-20T10:30:00Z\"");
        assertThat(resolved.facts()).hasSize(3);
        assertThat(resolved.facts())
                .containsAll(event("acknowledged", acknowledged).facts());
        assertThat(resolved.facts()).containsAll(event("started", STARTED).facts());
    }

    @Test
    void anAcknowledgementOlderThanTheStartIsKeptAsItWasSaid() {
        Translation odd = event("acknowledged", STARTED + ",\"acknowledged_at\":\"2026-02-25T17:38:45.768Z\"");
        ToolFact acknowledged = odd.facts().getLast();
        assertThat(acknowledged.occurredAt()).isEqualTo("2026-02-25T17:38:45.768Z");
        assertThat(acknowledged.beganAt()).isEqualTo("2026-02-25T17:38:45.768Z");
    }

    @Test
    void aStepWithoutATimeHappenedWhenItWasHeardOf() {
        assertThat(Delivered.signal(event("resolved", "\"resolved_at\":null"))).isInstanceOf(Signal.Resolved.class);
        assertThat(event("resolved", "\"resolved_at\":null").facts().getFirst().occurredAt())
                .isEqualTo(Delivered.NOW);
    }

    @Test
    void nameAndCauseMakeTheTitle() {
        assertThat(Delivered.signal(event("started", STARTED)).observed().title())
                .isEqualTo("Shop: Status 503");
    }

    @Test
    void anUnknownEventIsNotedBesideWhatItTells() {
        assertThat(event("escalated", STARTED).facts())
                .extracting(fact -> fact.signal().getClass().getSimpleName())
                .containsExactly("Triggered", "Noted");
    }

    @Test
    void aStatusPageAndWhoIsOnCallSayNothingAboutAnIncident() {
        assertThat(Delivered.by(Provider.BETTERSTACK, "{\"event_type\":\"maintenance\",\"maintenance\":{\"id\":\"1\"}}")
                        .facts())
                .isEmpty();
        assertThat(Delivered.by(Provider.BETTERSTACK, "{\"data\":{\"message\":\"Robin is on call\"}}")
                        .facts())
                .isEmpty();
    }

    @Test
    void whatIsNotBetterStacksIsUntranslatable() {
        assertThatThrownBy(() -> Delivered.by(
                        Provider.BETTERSTACK, "{\"dt\":\"2026-05-13T10:00:00Z\",\"event\":\"monitor.checked\"}"))
                .isInstanceOf(Untranslatable.class);
    }
}
