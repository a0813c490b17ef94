package dev.hindsight.incident.domain;

import static dev.hindsight.incident.domain.IncidentSpec.minute;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.incident.domain.AffectedServices.Said;
import java.util.List;
import org.junit.jupiter.api.Test;

class AffectedServicesTest {

    private static Latest<List<String>> named(int minute, String... names) {
        return new Latest<>(List.of(names), minute(minute), 0, minute);
    }

    private static Latest<Said> said(int minute, String name, boolean isAffected) {
        return new Latest<>(new Said(name, isAffected), minute(minute), 0, minute);
    }

    @Test
    void withoutAnybodysWordItIsWhatWasNamedLast() {
        assertThat(AffectedServices.NONE.now()).isEmpty();
        assertThat(AffectedServices.NONE
                        .named(named(2, "a", "b"))
                        .named(named(1, "c"))
                        .now())
                .containsExactly("a", "b");
    }

    @Test
    void whatPeopleAddAndRemoveStandsAboveWhatToolsNameAlsoLater() {
        AffectedServices services = AffectedServices.NONE
                .named(named(1, "checkout", "search"))
                .said(said(2, "search", false))
                .said(said(3, "payments", true));

        assertThat(services.now()).containsExactly("checkout", "payments");
        assertThat(services.named(named(9, "search", "ledger")).now()).containsExactly("ledger", "payments");
    }

    @Test
    void ofOneServiceTheLastWordInTimeCountsInWhateverOrderAndCaseItCame() {
        AffectedServices services =
                AffectedServices.NONE.said(said(5, "Payments", true)).said(said(4, "payments", false));

        assertThat(services.now()).containsExactly("Payments");
        assertThat(services.said(said(6, "PAYMENTS", false)).now()).isEmpty();
    }

    @Test
    void onlyWhatChangesSomethingIsNews() {
        AffectedServices services = AffectedServices.NONE.named(named(1, "checkout"));

        assertThat(services.missing(List.of("Checkout", "search"))).containsExactly("search");
        assertThat(services.present(List.of("Checkout", "search"))).containsExactly("Checkout");
    }
}
