package dev.hindsight.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresServerTest {
    @Test
    void aUrlGivesHostPortUserAndADecodedPassword() {
        assertThat(PostgresServer.parse("postgresql://ops:p%40ss%3Aword@db.example:5433"))
                .isEqualTo(new PostgresServer("db.example", 5433, "ops", "p@ss:word"));
        assertThat(PostgresServer.parse("postgresql://ops:x@db.example").port()).isEqualTo(5432);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"jdbc:postgresql://h/db", "postgresql://host:5432", "postgresql://user@host", "nonsense", "a b"})
    void anythingElseIsRefusedWithTheFormThatIsWantedAndWithoutTheValue(String url) {
        assertThatThrownBy(() -> PostgresServer.parse(url))
                .isInstanceOf(StartFailed.class)
                .hasMessageContaining("postgresql://user:password@host:port")
                .hasMessageNotContaining("nonsense");
    }

    @Test
    void aPasswordIsNotPrinted() {
        assertThat(new PostgresServer("h", 1, "u", "secret").toString()).doesNotContain("secret");
    }
}
