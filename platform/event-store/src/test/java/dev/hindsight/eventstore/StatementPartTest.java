package dev.hindsight.eventstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatementPartTest {

    private static StatementPart row(String key, Integer value) {
        return StatementPart.ofLastRows("row", "set", List.of(new String[] {key}, new Integer[] {value}), List.of(key));
    }

    private static StatementPart note(String text) {
        return StatementPart.ofEachRow("note", "insert", List.<Object[]>of(new String[] {text}));
    }

    @Test
    void aCommandAloneWritesItsPartsAsTheyAre() {
        List<StatementPart> parts = List.of(row("a", 1), note("x"));
        assertThat(StatementPart.together(List.of(parts))).isSameAs(parts);
    }

    @Test
    void ofRowsWithOneKeyTheLastOneStandsAndAllOthersAreWritten() {
        List<StatementPart> together = StatementPart.together(List.of(
                List.of(row("a", 1), note("x")), List.of(row("b", 2), note("y")), List.of(row("a", 3), note("x"))));
        assertThat(together).extracting(StatementPart::name).containsExactly("note", "row");
        assertThat((String[]) together.get(0).parameters().getFirst()).containsExactly("x", "y", "x");
        assertThat((String[]) together.get(1).parameters().get(0)).containsExactly("b", "a");
        assertThat((Integer[]) together.get(1).parameters().get(1)).containsExactly(2, 3);
        assertThat(together.get(1).keys()).containsExactly("b", "a");
        assertThat(together).allMatch(StatementPart::sharesItsStream);
    }

    /** Each order would be a text of its own for the database to plan. */
    @Test
    void theTextDoesNotDependOnWhoCameFirst() {
        List<StatementPart> one = StatementPart.together(List.of(List.of(note("x")), List.of(row("a", 1), note("y"))));
        List<StatementPart> other =
                StatementPart.together(List.of(List.of(row("a", 1), note("y")), List.of(note("x"))));
        assertThat(one)
                .extracting(StatementPart::name)
                .isEqualTo(other.stream().map(StatementPart::name).toList());
    }
}
