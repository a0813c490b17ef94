package dev.hindsight.incident.domain;

import static dev.hindsight.contract.DeployState.CANCELED;
import static dev.hindsight.contract.DeployState.FAILED;
import static dev.hindsight.contract.DeployState.PENDING;
import static dev.hindsight.contract.DeployState.RUNNING;
import static dev.hindsight.contract.DeployState.SUCCEEDED;
import static dev.hindsight.incident.domain.IncidentSpec.minute;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.contract.Change;
import dev.hindsight.contract.DeployEvent.Reported;
import dev.hindsight.contract.DeployState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DeployTest {

    private static final Change CHANGE = new Change("checkout", "production", "v7", null, null);

    @Test
    void itIsAsFarAsItsLastReportSays() {
        Deploy deploy = told(report(0, PENDING), report(1, RUNNING));

        assertThat(deploy.state()).isEqualTo(RUNNING);
        assertThat(deploy.begunAt()).isEqualTo(minute(1));
        assertThat(deploy.endedAt()).isNull();
    }

    @Test
    void whatEndedStaysEndedWhenAStepOfItIsToldLate() {
        Deploy deploy = told(report(5, SUCCEEDED), report(1, RUNNING), report(0, PENDING));

        assertThat(deploy.state()).isEqualTo(SUCCEEDED);
        assertThat(deploy.begunAt()).isEqualTo(minute(1));
        assertThat(deploy.endedAt()).isEqualTo(minute(5));
    }

    @Test
    void whatEndsInTheMomentInWhichItBeginsHasEnded() {
        assertThat(told(report(3, SUCCEEDED), report(3, RUNNING), report(3, PENDING))
                        .state())
                .isEqualTo(SUCCEEDED);
    }

    @Test
    void withoutAWordOfItsRunItBeganWhenItWasFirstHeardOf() {
        assertThat(told(report(2, PENDING), report(9, FAILED)).begunAt()).isEqualTo(minute(2));
    }

    @Test
    void whatWasStoppedBeforeItRanHasBegunNothing() {
        Deploy deploy = told(report(0, PENDING), report(1, CANCELED));

        assertThat(deploy.state()).isEqualTo(CANCELED);
        assertThat(deploy.begunAt()).isNull();
    }

    @Test
    void oneThatFailedMayRunAgain() {
        Deploy again = told(report(0, RUNNING), report(2, FAILED), report(4, RUNNING));
        assertThat(again.state()).isEqualTo(RUNNING);
        assertThat(again.endedAt()).isNull();

        Deploy ended = told(report(0, RUNNING), report(2, FAILED), report(4, RUNNING), report(6, SUCCEEDED));
        assertThat(ended.state()).isEqualTo(SUCCEEDED);
        assertThat(ended.endedAt()).isEqualTo(minute(6));
    }

    @Test
    void theSameReportIsToldOnce() {
        Deploy deploy = told(report(0, RUNNING));

        assertThat(Deploy.decide(deploy, report(0, RUNNING))).isEmpty();
    }

    @Test
    void anEventCarriesWhatItLeadsTo() {
        Deploy before = told(report(0, PENDING), report(1, RUNNING));

        assertThat(Deploy.decide(before, report(4, SUCCEEDED)))
                .containsExactly(
                        new Reported(SUCCEEDED, null, "github", "1/2", CHANGE, true, SUCCEEDED, minute(1), minute(4)));
    }

    @Test
    void theOrderOfArrivalDoesNotMatter() {
        List<DeployCommand.Report> reports = new ArrayList<>(List.of(
                report(0, PENDING),
                report(1, RUNNING),
                report(3, FAILED),
                report(4, RUNNING),
                report(7, SUCCEEDED),
                report(7, RUNNING)));
        Deploy inOrder = told(reports.toArray(DeployCommand.Report[]::new));
        for (int seed = 0; seed < 200; seed++) {
            Collections.shuffle(reports, new Random(seed));
            assertThat(told(reports.toArray(DeployCommand.Report[]::new)))
                    .as("seed " + seed)
                    .isEqualTo(inOrder);
        }
    }

    private static Deploy told(DeployCommand.Report... reports) {
        Deploy deploy = Deploy.UNKNOWN;
        for (DeployCommand.Report report : reports) {
            deploy = deploy.taking(report);
        }
        return deploy;
    }

    private static DeployCommand.Report report(int minute, DeployState said) {
        return new DeployCommand.Report(
                new UUID(minute, said.ordinal()), said, null, "github", "1/2", CHANGE, true, minute(minute));
    }
}
