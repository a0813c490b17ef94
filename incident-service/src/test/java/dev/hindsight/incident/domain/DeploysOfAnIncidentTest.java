package dev.hindsight.incident.domain;

import static dev.hindsight.incident.domain.IncidentSpec.given;
import static dev.hindsight.incident.domain.IncidentSpec.minute;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.contract.Change;
import dev.hindsight.contract.IncidentEvent.ChannelLinked;
import dev.hindsight.contract.IncidentEvent.DeployCleared;
import dev.hindsight.contract.IncidentEvent.DeployConfirmed;
import dev.hindsight.contract.IncidentEvent.DeployDismissed;
import dev.hindsight.contract.IncidentEvent.DeploySuspected;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Visibility;
import dev.hindsight.incident.domain.DeployLink.Verdict;
import dev.hindsight.incident.domain.IncidentCommand.Cancel;
import dev.hindsight.incident.domain.IncidentCommand.ClearDeploy;
import dev.hindsight.incident.domain.IncidentCommand.ConfirmDeploy;
import dev.hindsight.incident.domain.IncidentCommand.DismissDeploy;
import dev.hindsight.incident.domain.IncidentCommand.LinkChannel;
import dev.hindsight.incident.domain.IncidentCommand.Resolve;
import dev.hindsight.incident.domain.IncidentCommand.SuspectDeploy;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DeploysOfAnIncidentTest {

    private static final UUID DEPLOY = new UUID(0, 42);
    private static final Change CHANGE = new Change("checkout", "production", "v7", null, null);
    private static final IncidentCommand DECLARED = new IncidentCommand.Declare(
            "INC-1",
            "Checkout fails",
            Severity.SEV2,
            List.of("checkout"),
            null,
            false,
            false,
            IncidentKind.REAL,
            Visibility.INTERNAL,
            Set.of(),
            null,
            null,
            null,
            minute(10));
    private static final SuspectDeploy SUSPECTED = new SuspectDeploy(DEPLOY, CHANGE, minute(5));
    private static final ClearDeploy CLEARED = new ClearDeploy(DEPLOY, minute(12));
    private static final ConfirmDeploy CONFIRMED =
            new ConfirmDeploy(DEPLOY, CHANGE, "the new pool ran dry", minute(20));
    private static final DismissDeploy DISMISSED = new DismissDeploy(DEPLOY, CHANGE, "a text only", minute(21));

    @Test
    void aDeployIsSuspectedOnce() {
        given(DECLARED).when(SUSPECTED).then(DeploySuspected.class).and(incident -> assertThat(
                        incident.verdictOn(DEPLOY))
                .isEqualTo(Verdict.SUSPECT));
        given(DECLARED, SUSPECTED).when(SUSPECTED).thenNothing();
    }

    @Test
    void whatPeopleSaidOfADeployIsNotSuspectedAgain() {
        given(DECLARED, SUSPECTED, DISMISSED).when(SUSPECTED).thenNothing();
        given(DECLARED, CONFIRMED).when(SUSPECTED).thenNothing();
    }

    @Test
    void aSuspicionThatDoesNotHoldAnyLongerIsAsIfThereHadBeenNone() {
        given(DECLARED, SUSPECTED).when(CLEARED).then(DeployCleared.class).and(incident -> assertThat(
                        incident.deploys())
                .isEmpty());
        given(DECLARED, SUSPECTED, CLEARED).when(CLEARED).thenNothing();
        given(DECLARED, SUSPECTED, CLEARED).when(DISMISSED).thenRefused("NOT_LINKED");
        given(DECLARED, SUSPECTED, CLEARED).when(SUSPECTED).then(DeploySuspected.class);
    }

    @Test
    void whatPeopleSaidOfADeployIsNotCleared() {
        given(DECLARED, SUSPECTED, CONFIRMED).when(CLEARED).thenNothing();
        given(DECLARED, SUSPECTED, DISMISSED).when(CLEARED).thenNothing();
        given(DECLARED).when(CLEARED).thenNothing();
    }

    @Test
    void aSuspicionIsSaidAgainWhereTheDeployWasAnotherOrAtAnotherTime() {
        given(DECLARED, SUSPECTED)
                .when(new SuspectDeploy(DEPLOY, CHANGE, minute(4)))
                .then(DeploySuspected.class)
                .and(incident -> assertThat(incident.deploys().get(DEPLOY))
                        .isEqualTo(new DeployLink(Verdict.SUSPECT, CHANGE, minute(4))));
        given(DECLARED, SUSPECTED)
                .when(new SuspectDeploy(
                        DEPLOY, new Change("checkout", "production", "v7", "abc", null), SUSPECTED.occurredAt()))
                .then(DeploySuspected.class);
    }

    @Test
    void aDeployIsConfirmedWhetherItWasSuspectedOrNot() {
        given(DECLARED, SUSPECTED).when(CONFIRMED).then(DeployConfirmed.class);
        given(DECLARED).when(CONFIRMED).then(DeployConfirmed.class).and(incident -> assertThat(
                        incident.verdictOn(DEPLOY))
                .isEqualTo(Verdict.CONFIRMED));
        given(DECLARED, CONFIRMED).when(CONFIRMED).thenNothing();
    }

    @Test
    void aVerdictIsTakenBackByTheOther() {
        given(DECLARED, SUSPECTED, CONFIRMED).when(DISMISSED).then(DeployDismissed.class);
        given(DECLARED, SUSPECTED, DISMISSED)
                .when(CONFIRMED)
                .then(DeployConfirmed.class)
                .and(incident -> assertThat(incident.verdictOn(DEPLOY)).isEqualTo(Verdict.CONFIRMED));
        given(DECLARED, SUSPECTED, DISMISSED).when(DISMISSED).thenNothing();
    }

    @Test
    void nothingIsDismissedThatNobodySuspects() {
        given(DECLARED).when(DISMISSED).thenRefused("NOT_LINKED");
    }

    @Test
    void aDeployIsJudgedAlsoWhenAllIsOver() {
        given(DECLARED, SUSPECTED, new Resolve(null, minute(30)))
                .when(CONFIRMED)
                .then(DeployConfirmed.class);
        given(DECLARED, SUSPECTED, new Cancel(null, minute(30))).when(CONFIRMED).thenRefused("FINAL");
    }

    @Test
    void aChannelBelongsToItFromWhenItWasLinked() {
        ChatChannel channel = new ChatChannel("slack", new UUID(0, 9), "C1", "inc-1");

        given(DECLARED, new LinkChannel(channel, minute(11)))
                .when(new LinkChannel(channel, minute(15)))
                .then(ChannelLinked.class)
                .and(incident -> assertThat(incident.channels().values())
                        .extracting(Latest::value, Latest::at)
                        .containsExactly(org.assertj.core.api.Assertions.tuple(channel, minute(15))));
    }
}
