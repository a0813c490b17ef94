package dev.hindsight.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class CapturedTest {

    private static final String LOG = """
            2026-11-21 21:55:01.120 UTC [7] LOG:  duration: 0.101 ms  parse S_1: with e as (
            \t  insert into event values ($1, $2)) select 1
            2026-11-21 21:55:01.121 UTC [7] LOG:  duration: 0.102 ms  execute S_1: with e as (
            \t  insert into event values ($1, $2)) select 1
            2026-11-21 21:55:01.121 UTC [7] DETAIL:  Parameters: $1 = '{"a", it''s}', $2 = NULL
            2026-11-21 21:55:01.122 UTC [8] LOG:  duration: 0.010 ms  execute <unnamed>: select 2
            """;

    @Test
    void aStatementIsReadWithItsLinesAndItsParameters() {
        Captured statement = Captured.only(Captured.parse(LOG), "insert into event");
        assertThat(statement.sql()).isEqualTo("with e as (\n  insert into event values ($1, $2)) select 1");
        assertThat(statement.parameters()).containsExactly("{\"a\", it's}", null);
    }

    @Test
    void aStatementWithoutParametersIsReadToo() {
        assertThat(Captured.parse(LOG)).last().isEqualTo(new Captured("select 2", List.of()));
    }

    @Test
    void aLongParameterIsReadAsAWhole() {
        String text = "x''".repeat(100_000);
        Captured statement = Captured.parse(LOG.replace("{\"a\", it''s}", text)).getFirst();
        assertThat(statement.parameters().getFirst()).hasSize(200_000);
    }

    @Test
    void whatIsNotThereOnceIsRefused() {
        assertThatThrownBy(() -> Captured.only(Captured.parse(LOG), "update")).hasMessageContaining("0 statements");
    }
}
