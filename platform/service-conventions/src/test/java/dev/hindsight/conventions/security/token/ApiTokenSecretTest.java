package dev.hindsight.conventions.security.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiTokenSecretTest {

    @Test
    void itIsRecognizableAndNeverTheSameTwice() {
        assertThat(Stream.generate(ApiTokenSecret::generate)
                        .limit(1_000)
                        .map(ApiTokenSecret::reveal)
                        .collect(Collectors.toSet()))
                .hasSize(1_000)
                .allSatisfy(text -> assertThat(text).matches("hst_[0-9A-Za-z]{49}"));
    }

    @Test
    void whatWasRevealedIsReadBack() {
        ApiTokenSecret secret = ApiTokenSecret.generate();

        assertThat(ApiTokenSecret.parse(secret.reveal()).orElseThrow().sha256()).isEqualTo(secret.sha256());
        assertThat(secret.sha256()).matches("[0-9a-f]{64}");
    }

    @Test
    void aMistypedCharacterIsNoticedWithoutADatabase() {
        String good = ApiTokenSecret.generate().reveal();
        for (int at = 4; at < good.length(); at++) {
            char other = good.charAt(at) == 'x' ? 'y' : 'x';
            assertThat(ApiTokenSecret.parse(good.substring(0, at) + other + good.substring(at + 1)))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hst_", "hst_short", "hst_ümlaut", "eyJhbGciOiJSUzI1NiJ9.e30.x"})
    void whatIsNoneIsNone(String text) {
        assertThat(ApiTokenSecret.parse(text)).isEmpty();
    }

    @Test
    void itNeverShowsItselfByAccident() {
        assertThat(ApiTokenSecret.generate()).hasToString("hst_…");
    }
}
