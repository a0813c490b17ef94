package dev.hindsight.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FigureTest {

    @Test
    void theRatioIsTheMedianOfTheRoundsOwnRatios() {
        Figure figure = new Figure("append", "commands/s", "pgbench");
        figure.add(100, 200);
        figure.add(300, 400);
        figure.add(10, 100);
        assertThat(figure.line())
                .isEqualTo(
                        "append 100 commands/s (floor 200, ratio 0.50) [10.0 to 300, 3 rounds; floor 100 to 400, 3 rounds;"
                                + " ratio 0.10 to 0.75; floor is pgbench]");
    }

    @Test
    void withoutAFloorTheTargetIsSaid() {
        Figure figure = new Figure("start", "s", "target <= 20 s");
        figure.add(8.5);
        assertThat(figure.line()).isEqualTo("start 8.50 s (floor -, target <= 20 s) [8.50 to 8.50, 1 round]");
    }

    @Test
    void percentilesAreInterpolated() {
        Samples samples = new Samples();
        samples.add(3_000_000);
        samples.add(1_000_000);
        samples.add(2_000_000);
        samples.add(4_000_000);
        assertThat(samples.millis(50)).isEqualTo(2.5);
        assertThat(samples.millis(100)).isEqualTo(4);
    }
}
