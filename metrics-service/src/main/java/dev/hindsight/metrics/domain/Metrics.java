package dev.hindsight.metrics.domain;

import static dev.hindsight.metrics.domain.Exclusion.MISSING_ACKNOWLEDGED;
import static dev.hindsight.metrics.domain.Exclusion.MISSING_DECLARED;
import static dev.hindsight.metrics.domain.Exclusion.NOT_PUBLISHED;
import static dev.hindsight.metrics.domain.Exclusion.NOT_RESOLVED;
import static dev.hindsight.metrics.domain.Moment.ACKNOWLEDGED;
import static dev.hindsight.metrics.domain.Moment.DECLARED;
import static dev.hindsight.metrics.domain.Moment.DETECTED;
import static dev.hindsight.metrics.domain.Moment.FIRST_ALERT;
import static dev.hindsight.metrics.domain.Moment.FIRST_PAGE;
import static dev.hindsight.metrics.domain.Moment.IMPACT_STARTED;
import static dev.hindsight.metrics.domain.Moment.PUBLISHED;
import static dev.hindsight.metrics.domain.Moment.RESOLVED;
import static dev.hindsight.metrics.domain.Moment.WRITTEN_UP_RESOLUTION;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Every metric that there is. */
public final class Metrics {

    private static final String SEED_A = "seed 000";
    private static final String SEED_B = "seed 004";
    private static final Set<Grouping> EVERY_GROUPING = Set.copyOf(EnumSet.complementOf(EnumSet.of(Grouping.PERSON)));

    public static final MetricDefinition TIME_TO_ACKNOWLEDGE = new MetricDefinition(
            "time_to_acknowledge",
            1,
            Unit.SECONDS,
            "From the declaration, or the first page where that was earlier, to the first explicit acknowledgement.",
            List.of(SEED_A, SEED_B),
            Headline.MEDIAN,
            new Measure.LengthOf(
                    new Span(List.of(DECLARED, FIRST_PAGE), MISSING_DECLARED, ACKNOWLEDGED, MISSING_ACKNOWLEDGED)),
            EVERY_GROUPING,
            List.of(),
            List.of());

    public static final MetricDefinition TIME_TO_RESTORE = new MetricDefinition(
            "time_to_restore",
            1,
            Unit.SECONDS,
            "From the first signal (the earliest of first alert, first page, start of impact, detection and declaration)"
                    + " to the last resolution. A reopened incident is one incident and ends at its last resolution.",
            List.of(SEED_A, SEED_B),
            Headline.MEDIAN,
            new Measure.LengthOf(new Span(
                    List.of(FIRST_ALERT, FIRST_PAGE, IMPACT_STARTED, DETECTED, DECLARED),
                    MISSING_DECLARED,
                    RESOLVED,
                    NOT_RESOLVED)),
            EVERY_GROUPING,
            List.of(Figure.MTTR_MEDIAN_MAJOR, Figure.MTTR_MEAN_ALL, Figure.REOPENINGS),
            List.of());

    public static final MetricDefinition INCIDENT_FREQUENCY = new MetricDefinition(
            "incident_frequency",
            1,
            Unit.INCIDENTS,
            "How many incidents were declared.",
            List.of(SEED_B),
            Headline.COUNT,
            new Measure.NumberOfIncidents(),
            EVERY_GROUPING,
            List.of(),
            List.of());

    public static final MetricDefinition POSTMORTEM_COMPLETION_HOURS = new MetricDefinition(
            "postmortem_completion_hours",
            1,
            Unit.HOURS,
            "From the resolution to the first publication of the postmortem. The resolution is the last one; where that"
                    + " came after the publication, or the incident is open again, the one that the draft began from.",
            List.of(SEED_B),
            Headline.MEDIAN,
            new Measure.LengthOf(new Span(List.of(WRITTEN_UP_RESOLUTION), NOT_RESOLVED, PUBLISHED, NOT_PUBLISHED)),
            EVERY_GROUPING,
            List.of(Figure.SHARE_WITHIN_48H),
            List.of(
                    new HealthBand(
                            "on-target",
                            null,
                            (double) Figure.TARGET_HOURS,
                            "Published while it is fresh: under 48 hours (seed 004)."),
                    new HealthBand(
                            "late", (double) Figure.TARGET_HOURS, null, "The target is under 48 hours (seed 004).")));

    public static final MetricDefinition ACTION_ITEM_COMPLETION_RATE = new MetricDefinition(
            "action_item_completion_rate",
            1,
            Unit.RATIO,
            "Action items that are DONE or VERIFIED, divided by all but the canceled ones. An item belongs to the period,"
                    + " the services and the severity of its incident.",
            List.of(SEED_B),
            Headline.SHARE,
            new Measure.ShareOfItemsClosed(),
            EVERY_GROUPING,
            List.of(Figure.CLOSED, Figure.CANCELED),
            List.of(
                    new HealthBand(
                            "theater",
                            null,
                            0.5,
                            "Below 50 % postmortems are written to satisfy a process, not to change anything (seed 004)."),
                    new HealthBand("below-target", 0.5, 0.8, "The target is 80 % or above (seed 004)."),
                    new HealthBand("on-target", 0.8, null, "80 % or above (seed 004).")));

    public static final MetricDefinition CHANGE_FAILURE_RATE = new MetricDefinition(
            "change_failure_rate",
            1,
            Unit.RATIO,
            "Deploys linked to an incident, divided by all deploys: those of production that succeeded or failed, by when they"
                    + " ended. A deploy is linked while it is suspected of an incident or confirmed as contributing, and not"
                    + " where somebody dismissed it; severity is that of the incident.",
            List.of(SEED_A),
            Headline.SHARE,
            new Measure.ShareOfDeploysLinked(),
            Set.copyOf(EnumSet.of(Grouping.SERVICE, Grouping.TEAM, Grouping.WEEK, Grouping.MONTH)),
            List.of(Figure.CONFIRMED, Figure.SUSPECTED),
            List.of());

    public static final MetricDefinition PAGING_LOAD = new MetricDefinition(
            "paging_load",
            1,
            Unit.PAGES,
            "Pages that fell in an on-call shift, divided by the shifts of the period, by when each page went out. A page goes by"
                    + " the calendar of the responder's team, else by that of the house, as they stand; a shift counts in each"
                    + " period that it touches. By service and team, the shifts are those of the calendars that their pages go"
                    + " by; of a person, those in which they were paged, as nothing here knows who was on call. Pages by person"
                    + " are there to protect them: they say who needs rest, and nothing of how well anybody works.",
            List.of(SEED_A),
            Headline.MEAN,
            new Measure.PagesPerShift(),
            Set.copyOf(EnumSet.allOf(Grouping.class)),
            List.of(Figure.PAGES, Figure.AFTER_HOURS, Figure.SHIFTS, Figure.SHIFTS_PAGED),
            List.of());

    private static final List<MetricDefinition> ALL = List.of(
            TIME_TO_ACKNOWLEDGE,
            TIME_TO_RESTORE,
            INCIDENT_FREQUENCY,
            POSTMORTEM_COMPLETION_HOURS,
            ACTION_ITEM_COMPLETION_RATE,
            CHANGE_FAILURE_RATE,
            PAGING_LOAD);

    private Metrics() {}

    public static List<MetricDefinition> all() {
        return ALL;
    }

    /** The metric of that id; empty where there is none. */
    public static Optional<MetricDefinition> withId(String id) {
        return ALL.stream().filter(metric -> metric.id().equals(id)).findFirst();
    }
}
