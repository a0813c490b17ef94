package dev.hindsight.eventstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final long MILLI = 1_000_000;

    private final Pace pace = new Pace(Duration.ofMillis(25), Duration.ofMillis(120));

    @Test
    void cheapRoundsLieApartByTheLeastTime() {
        assertThat(pace.left(2 * MILLI, 2 * MILLI)).isEqualTo(23 * MILLI);
    }

    @Test
    void aDearRoundTakesAQuarterOfTheTime() {
        assertThat(pace.left(20 * MILLI, 20 * MILLI)).isEqualTo(60 * MILLI);
    }

    @Test
    void noPauseMakesRoundsLieFurtherApartThanTheMost() {
        assertThat(pace.left(100 * MILLI, 100 * MILLI)).isEqualTo(20 * MILLI);
        assertThat(pace.left(5_000 * MILLI, 5_000 * MILLI)).isNegative();
    }

    @Test
    void afterASilenceNothingIsLeft() {
        assertThat(pace.left(20 * MILLI, 1_000 * MILLI)).isNegative();
    }
}
