package dev.hindsight.actionitem.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.actionitem.domain.Burndown.Day;
import dev.hindsight.actionitem.domain.Burndown.Point;
import java.time.LocalDate;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How items get closed, day by day. */
class BurndownSpecTest {

    private static final LocalDate FIRST = LocalDate.of(2026, 11, 1);

    /** Three come in on the first, due on the second, third and never; one is done on the third, one canceled on the fourth. */
    private static final Map<LocalDate, Day> DAYS = Map.of(
            FIRST,
            new Day(3, 0, 0, 0),
            FIRST.plusDays(1),
            new Day(0, 0, 0, 1),
            FIRST.plusDays(2),
            new Day(0, 1, 0, 1),
            FIRST.plusDays(3),
            new Day(0, 0, 1, 1));

    @Test
    void eachDayStandsAsItStoodAtItsEnd() {
        assertThat(Burndown.points(DAYS, FIRST, FIRST.plusDays(4), FIRST.plusDays(9)))
                .containsExactly(
                        new Point(FIRST, 3, 3, 3, 0, 0),
                        new Point(FIRST.plusDays(1), 3, 2, 0, 0, 0),
                        new Point(FIRST.plusDays(2), 2, 1, 0, 1, 0),
                        new Point(FIRST.plusDays(3), 1, 0, 0, 0, 1));
    }

    @Test
    void whatHappenedBeforeTheFirstDayCounts() {
        assertThat(Burndown.points(DAYS, FIRST.plusDays(2), FIRST.plusDays(3), FIRST.plusDays(9)))
                .containsExactly(new Point(FIRST.plusDays(2), 2, 1, 0, 1, 0));
    }

    @Test
    void daysToComeArePlannedAndNotKnown() {
        assertThat(Burndown.points(DAYS, FIRST, FIRST.plusDays(3), FIRST))
                .extracting(Point::open, Point::planned)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(3, 3),
                        org.assertj.core.groups.Tuple.tuple(null, 2),
                        org.assertj.core.groups.Tuple.tuple(null, 1));
    }

    @Test
    void anEmptyRangeHasNoPoints() {
        assertThat(Burndown.points(DAYS, FIRST, FIRST, FIRST)).isEmpty();
    }

    @Test
    void canceledItemsAreNeitherClosedNorOwed() {
        assertThat(Burndown.completionRate(5, 2, 1)).isEqualTo(0.5);
        assertThat(Burndown.completionRate(2, 0, 2)).isNull();
        assertThat(Burndown.completionRate(0, 0, 0)).isNull();
    }
}
