package dev.hindsight.postmortem.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.contract.Alert;
import dev.hindsight.contract.Change;
import dev.hindsight.contract.Impact;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentEvent.AlertFired;
import dev.hindsight.contract.IncidentEvent.Canceled;
import dev.hindsight.contract.IncidentEvent.ChannelLinked;
import dev.hindsight.contract.IncidentEvent.Classified;
import dev.hindsight.contract.IncidentEvent.DeployCleared;
import dev.hindsight.contract.IncidentEvent.DeployConfirmed;
import dev.hindsight.contract.IncidentEvent.DeployDismissed;
import dev.hindsight.contract.IncidentEvent.DeploySuspected;
import dev.hindsight.contract.IncidentEvent.Escalated;
import dev.hindsight.contract.IncidentEvent.ImpactRecorded;
import dev.hindsight.contract.IncidentEvent.LinkAdded;
import dev.hindsight.contract.IncidentEvent.Merged;
import dev.hindsight.contract.IncidentEvent.MilestoneCorrected;
import dev.hindsight.contract.IncidentEvent.Noted;
import dev.hindsight.contract.IncidentEvent.Paged;
import dev.hindsight.contract.IncidentEvent.RoleAssigned;
import dev.hindsight.contract.IncidentEvent.ServicesChanged;
import dev.hindsight.contract.IncidentEvent.SeverityChanged;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.LinkKind;
import dev.hindsight.contract.Milestone;
import dev.hindsight.contract.Milestones;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Standing;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TimelineEntryTest {

    private static final UUID MIRA = new UUID(0, 7);
    private static final Instant NOON = Instant.parse("2026-05-07T12:00:00Z");

    @Test
    void peopleStayReferencesUntilSomebodyReads() {
        says(new Paged(MIRA, "PHONE", true, Standing.NONE), "Paged {} by PHONE, after hours");
        says(new RoleAssigned("SCRIBE", MIRA, Standing.NONE), "{} is SCRIBE");
        says(new Escalated(MIRA, "needs a DBA", null, Standing.NONE), "Escalated to {}: needs a DBA");
        assertThat(TimelineEntry.of(new Paged(MIRA, null, null, Standing.NONE)).person())
                .isEqualTo(MIRA);
    }

    @Test
    void ourPlaceholderStandsBeforeEveryForeignText() {
        says(new RoleAssigned("{}", MIRA, Standing.NONE), "{} is {}");
        assertThat(TimelineEntry.of(new Escalated(MIRA, "{}", null, Standing.NONE))
                        .text()
                        .indexOf("{}"))
                .isEqualTo("Escalated to ".length());
    }

    @Test
    void whatIsMissingIsLeftOut() {
        says(new RoleAssigned("SCRIBE", null, Standing.NONE), "Nobody is SCRIBE any more");
        says(new Escalated(null, null, null, Standing.NONE), "Escalated");
        says(new SeverityChanged(Severity.SEV1, null, null, Standing.NONE), "Severity is SEV1");
        says(new Canceled(null, Standing.NONE), "Canceled: it was none");
        says(new Merged(null, "Q9", null, Standing.NONE), "Merged into Q9");
        says(new Merged(null, null, null, Standing.NONE), "Merged into another incident");
        says(new Noted("incident.workflow.started", " ", null, null, Standing.NONE), "incident.workflow.started");
        says(new ImpactRecorded(Impact.NONE, Impact.NONE, Standing.NONE), "Impact: no numbers");
    }

    @Test
    void impactAndAlertsAreToldInWords() {
        says(
                new ImpactRecorded(
                        new Impact(1840L, null, new BigDecimal("4.5"), null, null, new BigDecimal("12"), "EUR", 3L),
                        Impact.NONE,
                        Standing.NONE),
                "Impact: 1840 users affected, 4.5 % error rate, 12 EUR revenue lost, 3 support tickets");
        says(
                new AlertFired(new Alert("k", "f", "HighErrorRate", "5xx above 2 %", null), null, Standing.NONE),
                "Alert fired: HighErrorRate: 5xx above 2 %");
    }

    @Test
    void deploysAndChannelsAreToldInWords() {
        Change change = new Change("checkout", "production", "v7", null, "https://github.com/shop/checkout");
        says(new DeploySuspected(MIRA, change, Standing.NONE), "Deployed checkout v7 to production (suspected)");
        says(
                new DeployCleared(MIRA, change, Standing.NONE),
                "The deploy of checkout v7 to production is no longer suspected");
        says(
                new DeployConfirmed(MIRA, change, "the pool ran dry", Standing.NONE),
                "The deploy of checkout v7 to production contributed: the pool ran dry");
        says(
                new DeployDismissed(MIRA, new Change("checkout", "live", null, null, null), null, Standing.NONE),
                "The deploy of checkout to live has nothing to do with it");
        assertThat(TimelineEntry.of(new DeploySuspected(MIRA, change, Standing.NONE))
                        .url())
                .isEqualTo("https://github.com/shop/checkout");
        says(
                new ChannelLinked("slack", MIRA, "C1", "inc-42", Standing.NONE),
                "What is said in #inc-42 (slack) belongs to it");
    }

    @Test
    void aClassificationIsToldInWords() {
        says(
                new Classified("Game day", "As announced", false, true, IncidentKind.DRILL, Standing.NONE),
                "Classified: titled \"Game day\", a drill, not customer-facing, a security incident, summary: As announced");
        says(new Classified(null, "", null, null, null, Standing.NONE), "Classified: no summary");
        says(new Classified(null, null, null, null, null, Standing.NONE), "Classified: as before");
    }

    @Test
    void linksCorrectionsAndServicesAreToldInWords() {
        LinkAdded runbook = new LinkAdded(LinkKind.RUNBOOK, "https://wiki/rollback", "Rolling back", Standing.NONE);
        says(runbook, "Runbook: Rolling back");
        assertThat(TimelineEntry.of(runbook).url()).isEqualTo("https://wiki/rollback");
        says(new LinkAdded(LinkKind.OTHER, "https://x/y", null, Standing.NONE), "Link: https://x/y");
        says(
                new MilestoneCorrected(Milestone.IMPACT_STARTED, NOON, "by the dashboards", Standing.NONE),
                "Corrected: the impact started at 2026-05-07T12:00:00Z: by the dashboards");
        says(
                new ServicesChanged(List.of("payments"), List.of("search", "mail"), Standing.NONE),
                "Affects payments as well; does not affect search, mail");
    }

    @Test
    void durationsAreNullWhereATimeIsMissingOrTheSpanIsCrossed() {
        Milestones crossed = new Milestones(NOON, null, NOON, NOON.minusSeconds(1), null, null, null);

        Durations durations = Durations.of(crossed, null, null);

        assertThat(durations).isEqualTo(new Durations(null, null, null, null));
    }

    @Test
    void acknowledgingRunsFromAnEarlierPageAndRestoringFromTheFirstSignal() {
        Milestones milestones = new Milestones(
                null,
                NOON,
                NOON.plusSeconds(60),
                NOON.plusSeconds(90),
                NOON.plusSeconds(300),
                NOON.plusSeconds(600),
                null);

        Durations durations = Durations.of(milestones, NOON.minusSeconds(30), NOON.plusSeconds(45));

        assertThat(durations).isEqualTo(new Durations(null, 45.0, 300.0, 630.0));
    }

    private static void says(IncidentEvent event, String text) {
        assertThat(TimelineEntry.of(event).text()).isEqualTo(text);
    }
}
