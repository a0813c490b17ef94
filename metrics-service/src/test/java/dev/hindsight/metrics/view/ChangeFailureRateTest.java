package dev.hindsight.metrics.view;

import static dev.hindsight.metrics.domain.Facts.at;
import static dev.hindsight.metrics.domain.Facts.recorded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.contract.Change;
import dev.hindsight.contract.DeployEvent.Reported;
import dev.hindsight.contract.DeployState;
import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Standing;
import dev.hindsight.contract.Topic;
import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.Told;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.eventstore.consume.OrderedApply;
import dev.hindsight.metrics.Feed;
import dev.hindsight.metrics.domain.Exclusion;
import dev.hindsight.metrics.domain.Facts;
import dev.hindsight.metrics.domain.Figure;
import dev.hindsight.metrics.domain.Grouping;
import dev.hindsight.metrics.domain.Metrics;
import dev.hindsight.metrics.domain.Question;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Deploys linked to an incident ÷ deploys, as the events of both tell. */
@QuarkusTest
@QuarkusTestResource(HindsightBackends.class)
class ChangeFailureRateTest {

    @Inject
    OrderedApply orderedApply;

    @Inject
    MetricQueries queries;

    private final String service = "shop-" + UUID.randomUUID();
    private final List<Recorded<DomainEvent>> events = new ArrayList<>();
    private final Map<UUID, Long> versions = new HashMap<>();

    @Test
    void aSuspectAndAConfirmedDeployAreLinkedAndADismissedOneIsNot() {
        UUID incident = declared(IncidentKind.REAL, Severity.SEV1);
        UUID suspected = deployed(true, DeployState.SUCCEEDED);
        UUID confirmed = deployed(true, DeployState.FAILED);
        UUID dismissed = deployed(true, DeployState.SUCCEEDED);
        deployed(true, DeployState.SUCCEEDED);
        suspect(incident, suspected);
        suspect(incident, confirmed);
        suspect(incident, dismissed);
        tell(incident, new IncidentEvent.DeployConfirmed(confirmed, change(), null, standing(IncidentKind.REAL)));
        tell(incident, new IncidentEvent.DeployDismissed(dismissed, change(), null, standing(IncidentKind.REAL)));
        applied();

        MeasuredGroup total = answer(null, null);
        assertThat(total.n()).isEqualTo(4);
        assertThat(total.mean()).isEqualTo(0.5);
        assertThat(total.figures())
                .containsEntry(Figure.CONFIRMED, new MeasuredGroup.Named(1.0, 4))
                .containsEntry(Figure.SUSPECTED, new MeasuredGroup.Named(1.0, 4));
    }

    @Test
    void aSuspicionThatWasClearedIsAsIfThereHadBeenNone() {
        UUID incident = declared(IncidentKind.REAL, Severity.SEV1);
        UUID deploy = deployed(true, DeployState.SUCCEEDED);
        suspect(incident, deploy);
        tell(incident, new IncidentEvent.DeployCleared(deploy, change(), standing(IncidentKind.REAL)));
        applied();
        assertThat(answer(null, null).mean()).isZero();

        suspect(incident, deploy);
        applied();
        assertThat(answer(null, null).mean()).isOne();
    }

    @Test
    void whatIsNotProductionNotFinishedOrStoppedIsExcludedAndCounted() {
        deployed(true, DeployState.SUCCEEDED);
        deployed(false, DeployState.SUCCEEDED);
        deployed(true, DeployState.RUNNING);
        deployed(true, DeployState.PENDING);
        deployed(true, DeployState.CANCELED);
        applied();

        MeasuredGroup total = answer(null, null);
        assertThat(total.n()).isEqualTo(1);
        assertThat(total.mean()).isZero();
        assertThat(total.excluded())
                .isEqualTo(Map.of(Exclusion.NOT_PRODUCTION, 1L, Exclusion.NOT_FINISHED, 2L, Exclusion.CANCELED, 1L));
    }

    @Test
    void aDrillBlamesNoDeploy() {
        UUID drill = declared(IncidentKind.DRILL, Severity.SEV1);
        UUID deploy = deployed(true, DeployState.SUCCEEDED);
        tell(drill, new IncidentEvent.DeployConfirmed(deploy, change(), null, standing(IncidentKind.DRILL)));
        applied();

        assertThat(answer(null, null).mean()).isZero();
    }

    @Test
    void aSeverityAsksForDeploysLinkedToIncidentsOfIt() {
        UUID incident = declared(IncidentKind.REAL, Severity.SEV1);
        UUID deploy = deployed(true, DeployState.SUCCEEDED);
        suspect(incident, deploy);
        applied();

        assertThat(answer(Severity.SEV1, null).mean()).isEqualTo(1.0);
        assertThat(answer(Severity.SEV3, null).mean()).isZero();
    }

    @Test
    void asOfAMomentBeforeTheVerdictItWasASuspect() {
        UUID incident = declared(IncidentKind.REAL, Severity.SEV1);
        UUID deploy = deployed(true, DeployState.SUCCEEDED);
        suspect(incident, deploy);
        Instant then = at("20:00").plusNanos(2_000);
        tell(incident, new IncidentEvent.DeployDismissed(deploy, change(), null, standing(IncidentKind.REAL)));
        applied();

        assertThat(answer(null, then).mean()).isEqualTo(1.0);
        assertThat(answer(null, null).mean()).isZero();
    }

    @Test
    void itIsBrokenDownByServiceAndPeriod() {
        deployed(true, DeployState.SUCCEEDED);
        applied();

        for (Map.Entry<Grouping, String> by : Map.of(
                        Grouping.SERVICE, service, Grouping.WEEK, "2026-W47", Grouping.MONTH, "2026-11")
                .entrySet()) {
            assertThat(queries.measure(
                                    Metrics.CHANGE_FAILURE_RATE,
                                    new Question(null, null, by.getKey(), service, null, null, null))
                            .await()
                            .atMost(Duration.ofSeconds(10))
                            .groups())
                    .extracting(MeasuredGroup::key, MeasuredGroup::n)
                    .containsExactly(org.assertj.core.api.Assertions.tuple(by.getValue(), 1L));
        }
    }

    // ---------------------------------------------------------------------------------------------------- words

    private UUID declared(IncidentKind kind, Severity severity) {
        UUID incident = StreamIds.next();
        tell(
                incident,
                Facts.declaration(Told.of(Facts.lifecycle(IncidentStatus.OPEN, Facts.declared(at("10:00"))))
                        .kind(kind)
                        .severity(severity)
                        .services(service)
                        .standing()));
        return incident;
    }

    private UUID deployed(boolean production, DeployState state) {
        UUID deploy = StreamIds.next();
        tell(deploy, report(production, DeployState.PENDING, null));
        if (state != DeployState.PENDING) {
            tell(deploy, report(production, state, state.isOver() ? at("09:50") : null));
        }
        return deploy;
    }

    private Reported report(boolean production, DeployState state, @Nullable Instant endedAt) {
        return new Reported(state, null, "github", "1/2", change(), production, state, at("09:45"), endedAt);
    }

    private void suspect(UUID incident, UUID deploy) {
        tell(incident, new IncidentEvent.DeploySuspected(deploy, change(), standing(IncidentKind.REAL)));
    }

    private Change change() {
        return new Change(service, "production", "v7", null, null);
    }

    /** SEV1, as all that are suspected of anything here. */
    private Standing standing(IncidentKind kind) {
        return Told.of(Facts.lifecycle(IncidentStatus.OPEN, Facts.declared(at("10:00"))))
                .kind(kind)
                .severity(Severity.SEV1)
                .services(service)
                .standing();
    }

    private void tell(UUID stream, DomainEvent event) {
        events.add(recorded(stream, versions.merge(stream, 1L, Long::sum), at("09:45"), event));
    }

    private void applied() {
        orderedApply
                .apply(Topic.INCIDENT_EVENTS, Feed.batch(Topic.INCIDENT_EVENTS, events))
                .await()
                .atMost(Duration.ofSeconds(20));
    }

    private MeasuredGroup answer(@Nullable Severity severity, @Nullable Instant asOf) {
        return queries.measure(
                        Metrics.CHANGE_FAILURE_RATE, new Question(null, null, null, service, null, severity, asOf))
                .await()
                .atMost(Duration.ofSeconds(10))
                .total();
    }
}
