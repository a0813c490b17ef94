package dev.hindsight.postmortem.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.contract.IncidentEvent.Declared;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.Lifecycle;
import dev.hindsight.contract.Observed;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Visibility;
import java.util.List;
import org.junit.jupiter.api.Test;

class IncidentSayingTest {

    @Test
    void whatAPersonDeclaresIsSaid() {
        IncidentSaying saying = IncidentSaying.of(declared(null));

        assertThat(saying.title()).isEqualTo("Down");
        assertThat(saying.titleIsFallback()).isFalse();
        assertThat(saying.seenSeverity()).isEqualTo(Severity.SEV3);
        assertThat(saying.severityIsFallback()).isFalse();
    }

    @Test
    void whatAToolDidNotSayIsAFallback() {
        IncidentSaying titled = IncidentSaying.of(declared(new Observed("Down", null, List.of(), null, null)));
        IncidentSaying judged = IncidentSaying.of(declared(new Observed(null, Severity.SEV3, List.of(), null, null)));

        assertThat(titled.titleIsFallback()).isFalse();
        assertThat(titled.severityIsFallback()).isTrue();
        assertThat(judged.titleIsFallback()).isTrue();
        assertThat(judged.severityIsFallback()).isFalse();
    }

    private static Declared declared(Observed observed) {
        return new Declared(
                "INC-1",
                "Down",
                Severity.SEV3,
                List.of(),
                null,
                false,
                false,
                IncidentKind.REAL,
                Visibility.INTERNAL,
                false,
                null,
                observed,
                Lifecycle.NONE);
    }
}
