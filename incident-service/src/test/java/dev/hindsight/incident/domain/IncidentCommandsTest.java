package dev.hindsight.incident.domain;

import static dev.hindsight.incident.domain.IncidentSpec.checkoutFails;
import static dev.hindsight.incident.domain.IncidentSpec.given;
import static dev.hindsight.incident.domain.IncidentSpec.minute;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.contract.Impact;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.LinkKind;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Visibility;
import dev.hindsight.incident.domain.IncidentCommand.Acknowledge;
import dev.hindsight.incident.domain.IncidentCommand.AddLink;
import dev.hindsight.incident.domain.IncidentCommand.AssignRole;
import dev.hindsight.incident.domain.IncidentCommand.Cancel;
import dev.hindsight.incident.domain.IncidentCommand.ChangeServices;
import dev.hindsight.incident.domain.IncidentCommand.ChangeSeverity;
import dev.hindsight.incident.domain.IncidentCommand.ChangeVisibility;
import dev.hindsight.incident.domain.IncidentCommand.Classify;
import dev.hindsight.incident.domain.IncidentCommand.Close;
import dev.hindsight.incident.domain.IncidentCommand.Declare;
import dev.hindsight.incident.domain.IncidentCommand.Escalate;
import dev.hindsight.incident.domain.IncidentCommand.Merge;
import dev.hindsight.incident.domain.IncidentCommand.Mitigate;
import dev.hindsight.incident.domain.IncidentCommand.Page;
import dev.hindsight.incident.domain.IncidentCommand.PostMessage;
import dev.hindsight.incident.domain.IncidentCommand.RecordDecision;
import dev.hindsight.incident.domain.IncidentCommand.RecordImpact;
import dev.hindsight.incident.domain.IncidentCommand.Reopen;
import dev.hindsight.incident.domain.IncidentCommand.Resolve;
import dev.hindsight.incident.domain.IncidentCommand.TakeIn;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IncidentCommandsTest {

    private static final UUID MARIA = new UUID(1, 1);

    private static Declare declared() {
        return checkoutFails(Severity.SEV1);
    }

    /** Where nothing is owed. */
    private static Close closing(int at) {
        return new Close(null, ClosurePolicy.NOTHING_OWED, ClosureFacts.NONE, null, minute(at));
    }

    @Test
    void aDeclaredIncidentIsOpen() {
        given().when(declared()).then(IncidentEvent.Declared.class).and(incident -> {
            assertThat(incident.lifecycle().status()).isEqualTo(IncidentStatus.OPEN);
            assertThat(incident.lifecycle().milestones().declared()).isEqualTo(minute(0));
            assertThat(incident.severity()).isEqualTo(Severity.SEV1);
        });
    }

    @Test
    void whatIsKnownAboutItsBeginningIsRecordedWithItsOwnTime() {
        Declare declare = new Declare(
                "INC-1",
                "Checkout fails",
                Severity.SEV1,
                List.of(),
                null,
                true,
                false,
                IncidentKind.REAL,
                Visibility.INTERNAL,
                Set.of(),
                new Impact(5L, null, null, null, null, null, null, null),
                minute(-20),
                minute(-5),
                minute(0));
        given().when(declare)
                .then(
                        IncidentEvent.Declared.class,
                        IncidentEvent.ImpactStarted.class,
                        IncidentEvent.Detected.class,
                        IncidentEvent.ImpactRecorded.class)
                .and(incident -> {
                    assertThat(incident.lifecycle().milestones().impactStarted())
                            .isEqualTo(minute(-20));
                    assertThat(incident.lifecycle().milestones().detected()).isEqualTo(minute(-5));
                });
    }

    @Test
    void anIncidentCannotBeDeclaredTwice() {
        given(declared()).when(declared()).thenRefused("ALREADY_DECLARED");
    }

    @Test
    void theFirstExplicitAcknowledgementCounts() {
        given(declared(), new Acknowledge(minute(3)))
                .when(new Acknowledge(minute(4)))
                .thenRefused("ALREADY_ACKNOWLEDGED")
                .and(incident -> assertThat(incident.lifecycle().milestones().acknowledged())
                        .isEqualTo(minute(3)));
    }

    @Test
    void anUnacknowledgedIncidentCanStillBeResolved() {
        given(declared())
                .when(new Resolve(null, minute(9)))
                .then(IncidentEvent.Resolved.class)
                .and(incident -> {
                    assertThat(incident.lifecycle().status()).isEqualTo(IncidentStatus.RESOLVED);
                    assertThat(incident.lifecycle().milestones().acknowledged()).isNull();
                });
    }

    @Test
    void aForgottenAcknowledgementCanBeFilledInAfterTheResolution() {
        given(declared(), new Resolve(null, minute(9)))
                .when(new Acknowledge(minute(2)))
                .then(IncidentEvent.Acknowledged.class)
                .and(incident -> {
                    assertThat(incident.lifecycle().status()).isEqualTo(IncidentStatus.RESOLVED);
                    assertThat(incident.lifecycle().milestones().acknowledged()).isEqualTo(minute(2));
                });
    }

    @Test
    void aResolvedIncidentIsNotAcknowledgedAfterItsResolution() {
        given(declared(), new Resolve(null, minute(9)))
                .when(new Acknowledge(minute(10)))
                .thenRefused("ALREADY_RESOLVED");
    }

    @Test
    void mitigationEndsTheSufferingButNotTheIncident() {
        given(declared())
                .when(new Mitigate("rolled back", minute(6)))
                .then(IncidentEvent.Mitigated.class)
                .and(incident -> assertThat(incident.lifecycle().status()).isEqualTo(IncidentStatus.MITIGATED))
                .when(new Mitigate(null, minute(7)))
                .thenRefused("ALREADY_MITIGATED");
    }

    @Test
    void resolvingTwiceIsRefused() {
        given(declared(), new Resolve(null, minute(9)))
                .when(new Resolve(null, minute(10)))
                .thenRefused("ALREADY_RESOLVED");
    }

    @Test
    void reopeningLeadsBackToAcknowledgedAndIsCounted() {
        given(declared(), new Resolve(null, minute(9)))
                .when(new Reopen("came back", minute(20)))
                .then(IncidentEvent.Reopened.class)
                .and(incident -> {
                    assertThat(incident.lifecycle().status()).isEqualTo(IncidentStatus.ACKNOWLEDGED);
                    assertThat(incident.lifecycle().reopenings()).isEqualTo(1);
                    assertThat(incident.lifecycle().milestones().resolved()).isNull();
                })
                .when(new Resolve(null, minute(40)))
                .then(IncidentEvent.Resolved.class)
                .and(incident ->
                        assertThat(incident.lifecycle().milestones().resolved()).isEqualTo(minute(40)));
    }

    @Test
    void onlyWhatIsOverCanBeReopenedAndOnlyAfterwards() {
        given(declared()).when(new Reopen(null, minute(5))).thenRefused("NOT_RESOLVED");
        given(declared(), new Resolve(null, minute(9)))
                .when(new Reopen(null, minute(8)))
                .thenRefused("BEFORE_RESOLUTION");
    }

    @Test
    void onlyAResolvedIncidentCanBeClosed() {
        given(declared()).when(closing(5)).thenRefused("NOT_RESOLVED");
        given(declared(), new Resolve(null, minute(9)))
                .when(closing(30))
                .then(IncidentEvent.Closed.class)
                .and(incident -> assertThat(incident.lifecycle().status()).isEqualTo(IncidentStatus.CLOSED))
                .when(closing(31))
                .thenRefused("NOT_RESOLVED");
    }

    @Test
    void aFalseAlarmIsCanceledForGood() {
        given(declared())
                .when(new Cancel("test alert", minute(1)))
                .then(IncidentEvent.Canceled.class)
                .when(new Resolve(null, minute(2)))
                .thenRefused("FINAL")
                .when(new Cancel(null, minute(3)))
                .thenRefused("NOT_ONGOING");
    }

    @Test
    void aRoleHasOneHolderAndAssigningTheSameOneChangesNothing() {
        given(declared())
                .when(new AssignRole("INCIDENT_COMMANDER", MARIA, minute(1)))
                .then(IncidentEvent.RoleAssigned.class)
                .and(incident -> assertThat(incident.roles()).containsEntry("INCIDENT_COMMANDER", MARIA))
                .when(new AssignRole("INCIDENT_COMMANDER", MARIA, minute(2)))
                .thenNothing()
                .when(new AssignRole("INCIDENT_COMMANDER", null, minute(3)))
                .then(IncidentEvent.RoleAssigned.class)
                .and(incident -> assertThat(incident.roles()).isEmpty());
    }

    @Test
    void theSeverityIsWhatWasJudgedLast() {
        given(declared())
                .when(new ChangeSeverity(Severity.SEV0, "all of Europe", minute(4)))
                .then(IncidentEvent.SeverityChanged.class)
                .when(new ChangeSeverity(Severity.SEV0, null, minute(5)))
                .thenNothing()
                .when(new ChangeSeverity(Severity.SEV3, "entered late, judged earlier", minute(2)))
                .then(IncidentEvent.SeverityChanged.class)
                .and(incident -> assertThat(incident.severity()).isEqualTo(Severity.SEV0));
    }

    private static Classify called(String title, int at) {
        return new Classify(title, null, null, null, null, Set.of(), minute(at));
    }

    @Test
    void whatAClassificationDoesNotSayStaysAsItWas() {
        given(declared())
                .when(new Classify("Game day", "As announced", false, null, IncidentKind.DRILL, Set.of(), minute(4)))
                .then(IncidentEvent.Classified.class)
                .and(incident -> {
                    assertThat(incident.standing().title()).isEqualTo("Game day");
                    assertThat(incident.currentSummary()).isEqualTo("As announced");
                    assertThat(incident.standing().kind()).isEqualTo(IncidentKind.DRILL);
                    assertThat(incident.standing().customerFacing()).isFalse();
                })
                .when(new Classify(null, "", null, false, IncidentKind.REAL, Set.of(), minute(5)))
                .then(IncidentEvent.Classified.class)
                .and(incident -> {
                    assertThat(incident.currentTitle()).isEqualTo("Game day");
                    assertThat(incident.currentSummary()).isNull();
                    assertThat(incident.kind()).isEqualTo(IncidentKind.REAL);
                    assertThat(incident.customerFacing()).isFalse();
                });
    }

    @Test
    void whatItIsAlreadyIsNotSaidAgain() {
        given(declared())
                .when(new Classify("Checkout fails", "", true, false, IncidentKind.REAL, Set.of(), minute(4)))
                .thenNothing()
                .when(new Classify("Checkout fails", null, false, null, null, Set.of(), minute(5)))
                .then(IncidentEvent.Classified.class)
                .saying(event -> assertThat(event)
                        .isEqualTo(new IncidentEvent.Classified(null, null, false, null, null, event.standing())));
    }

    @Test
    void theClassificationIsWhatWasSaidLastInTime() {
        given(declared(), called("later", 8))
                .when(called("entered late, said earlier", 4))
                .then(IncidentEvent.Classified.class)
                .and(incident -> assertThat(incident.currentTitle()).isEqualTo("later"));
    }

    @Test
    void aSecurityIncidentIsRestrictedAndWhoSaysSoIsAdded() {
        given(declared())
                .when(new Classify(null, null, null, true, null, Set.of(MARIA), minute(4)))
                .then(
                        IncidentEvent.Classified.class,
                        IncidentEvent.ParticipantAdded.class,
                        IncidentEvent.VisibilityChanged.class)
                .and(incident -> {
                    assertThat(incident.security()).isTrue();
                    assertThat(incident.visibility()).isEqualTo(Visibility.RESTRICTED);
                    assertThat(incident.hasParticipant(MARIA)).isTrue();
                })
                .when(new Classify(null, null, null, false, null, Set.of(), minute(5)))
                .then(IncidentEvent.Classified.class)
                .and(incident -> assertThat(incident.visibility()).isEqualTo(Visibility.RESTRICTED));
    }

    @Test
    void aSecurityIncidentThatWasOpenedIsRestrictedAgainWhereSomebodySaysSoAgain() {
        given(
                        declared(),
                        new Classify(null, null, null, true, null, Set.of(), minute(4)),
                        new ChangeVisibility(Visibility.INTERNAL, "told to customers", Set.of(), minute(5)))
                .when(called("Leak of names", 6))
                .then(IncidentEvent.Classified.class)
                .when(new Classify(null, null, null, true, null, Set.of(), minute(7)))
                .then(IncidentEvent.VisibilityChanged.class);
    }

    @Test
    void whatItIsCanBeSaidAfterItIsOver() {
        given(declared(), new Cancel("test alert", minute(1)))
                .when(new Classify(null, null, null, null, IncidentKind.TEST, Set.of(), minute(9)))
                .then(IncidentEvent.Classified.class);
    }

    @Test
    void wordsArePartOfTheRecordWhateverTheStatus() {
        given(declared(), new Resolve(null, minute(9)))
                .when(new PostMessage("graphs are flat", "#inc-1", minute(10)))
                .then(IncidentEvent.MessagePosted.class)
                .when(new RecordDecision("keep the flag off", minute(11)))
                .then(IncidentEvent.DecisionRecorded.class);
    }

    @Test
    void pagesAreCountedAndEscalationsRecorded() {
        given(declared())
                .when(new Page(MARIA, "PHONE", minute(1)))
                .then(IncidentEvent.Paged.class)
                .when(new Escalate(MARIA, "needs a DBA", minute(2)))
                .then(IncidentEvent.Escalated.class)
                .and(incident -> assertThat(incident.pageCount()).isEqualTo(1));
    }

    @Test
    void impactNumbersMergeAndAnEqualOneChangesNothing() {
        Impact users = new Impact(120L, null, null, null, null, null, null, null);
        Impact requests = new Impact(null, 9L, null, null, null, null, null, null);
        given(declared())
                .when(new RecordImpact(users, minute(1)))
                .then(IncidentEvent.ImpactRecorded.class)
                .when(new RecordImpact(requests, minute(2)))
                .then(IncidentEvent.ImpactRecorded.class)
                .when(new RecordImpact(users, minute(3)))
                .thenNothing()
                .and(incident -> {
                    assertThat(incident.impact().usersAffected()).isEqualTo(120);
                    assertThat(incident.impact().requestsFailed()).isEqualTo(9);
                });
    }

    @Test
    void aResolutionFromBeforeTheReopeningIsRefusedAsItWouldChangeNothing() {
        given(declared(), new Resolve(null, minute(9)), new Reopen(null, minute(20)))
                .when(new Resolve(null, minute(10)))
                .thenRefused("BEFORE_REOPENING");
    }

    private static AddLink link(LinkKind kind, String title, int at) {
        return new AddLink(kind, "https://wiki.example.org/rollback", title, minute(at));
    }

    @Test
    void anAddressIsLinkedOnceAndIsCalledWhatWasSaidLast() {
        given(declared(), link(LinkKind.OTHER, null, 1))
                .when(link(LinkKind.OTHER, null, 2))
                .thenNothing()
                .when(link(LinkKind.RUNBOOK, "Rolling back", 3))
                .then(IncidentEvent.LinkAdded.class)
                .and(incident -> assertThat(incident.links())
                        .containsExactly(new Incident.Link(
                                LinkKind.RUNBOOK, "https://wiki.example.org/rollback", "Rolling back")));
    }

    @Test
    void linksAreNotWithoutEnd() {
        IncidentSpec spec = given(declared());
        for (int i = 0; i < 200; i++) {
            spec.when(new AddLink(LinkKind.OTHER, "https://example.org/" + i, null, minute(1)))
                    .then(IncidentEvent.LinkAdded.class);
        }
        spec.when(new AddLink(LinkKind.OTHER, "https://example.org/one-more", null, minute(2)))
                .thenRefused("TOO_MANY_LINKS");
    }

    @Test
    void onlyWhatChangesTheAffectedServicesIsRecorded() {
        given(declared())
                .when(new ChangeServices(List.of("Checkout"), List.of("search"), minute(1)))
                .thenNothing()
                .when(new ChangeServices(List.of("payments", "checkout"), List.of("search"), minute(2)))
                .then(IncidentEvent.ServicesChanged.class)
                .saying(event -> {
                    assertThat(((IncidentEvent.ServicesChanged) event).added()).containsExactly("payments");
                    assertThat(((IncidentEvent.ServicesChanged) event).removed())
                            .isEmpty();
                    assertThat(event.standing().services()).containsExactly("checkout", "payments");
                })
                .when(new ChangeServices(List.of(), List.of("checkout"), minute(3)))
                .then(IncidentEvent.ServicesChanged.class)
                .and(incident -> assertThat(incident.currentServices()).containsExactly("payments"));
    }

    @Test
    void aMergedIncidentIsPartOfAnotherForGood() {
        UUID other = new UUID(4, 2);
        given(declared())
                .when(new Merge(other, minute(1)))
                .then(IncidentEvent.Merged.class)
                .saying(event ->
                        assertThat(((IncidentEvent.Merged) event).into()).isEqualTo(other))
                .and(incident -> assertThat(incident.lifecycle().status()).isEqualTo(IncidentStatus.MERGED))
                .when(new Merge(other, minute(2)))
                .thenRefused("FINAL")
                .when(new TakeIn(minute(2)))
                .thenRefused("TARGET_IS_FINAL")
                .when(new ChangeServices(List.of("x"), List.of(), minute(2)))
                .thenRefused("FINAL");
    }

    @Test
    void whatAnIncidentTakesInIsNotNamedAndMovesNothing() {
        given(declared())
                .when(new TakeIn(minute(1)))
                .then(IncidentEvent.Noted.class)
                .saying(event ->
                        assertThat(((IncidentEvent.Noted) event).text()).doesNotContain("INC-"))
                .and(incident -> assertThat(incident.lifecycle().status()).isEqualTo(IncidentStatus.OPEN));
    }

    @Test
    void aFalseAlarmTakesNothingIn() {
        given(declared(), new Cancel("false alarm", minute(1)))
                .when(new TakeIn(minute(2)))
                .thenRefused("TARGET_IS_FINAL");
    }
}
