package dev.hindsight.metrics.view;

import static dev.hindsight.metrics.domain.Facts.recorded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.hindsight.contract.CalendarEvent;
import dev.hindsight.contract.CalendarEvent.Hours;
import dev.hindsight.contract.CalendarEvent.Shift;
import dev.hindsight.contract.CatalogEvent;
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
import dev.hindsight.metrics.domain.CalendarFact;
import dev.hindsight.metrics.domain.Exclusion;
import dev.hindsight.metrics.domain.Facts;
import dev.hindsight.metrics.domain.Figure;
import dev.hindsight.metrics.domain.Grouping;
import dev.hindsight.metrics.domain.Metrics;
import dev.hindsight.metrics.domain.Question;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pages by shift, after hours and by person. In the weeks of 2026-11-02 and 2026-11-09, both Mondays, nights in Berlin. */
@QuarkusTest
@QuarkusTestResource(HindsightBackends.class)
class PagingLoadTest {

    private static final Instant FROM = Instant.parse("2026-11-02T00:00:00Z");
    private static final Instant TO = Instant.parse("2026-11-16T00:00:00Z");
    private static final UUID MARIA = StreamIds.person("pagerduty", "PMARIA");
    private static final UUID MARIA_TOO = StreamIds.person("opsgenie", "maria");
    private static final UUID TOM = StreamIds.person("pagerduty", "PTOM");
    private static final UUID PAYMENTS = StreamIds.team("Payments");

    @Inject
    OrderedApply orderedApply;

    @Inject
    MetricQueries queries;

    @Inject
    Feed feed;

    private final List<Recorded<DomainEvent>> events = new ArrayList<>();
    private final Map<UUID, Long> versions = new HashMap<>();

    @BeforeEach
    void nothingIsKnown() {
        feed.forgetEverything();
    }

    @Test
    void pagesAreDividedByTheShiftsOfThePeriodAndWhatIsOutsideOfAnyIsCountedAsSuch() {
        nightsOfTheHouse(DayOfWeek.MONDAY, DayOfWeek.TUESDAY);
        UUID incident = declared(IncidentKind.REAL, Severity.SEV1, "checkout");
        paged(incident, MARIA, "2026-11-02T20:00:00Z", true);
        paged(incident, MARIA, "2026-11-03T03:00:00Z", true);
        paged(incident, TOM, "2026-11-10T22:00:00Z", null);
        paged(incident, TOM, "2026-11-04T12:00:00Z", false);
        applied();

        MeasuredGroup total = total(new Question(FROM, TO, null, null, null, null, null));
        assertThat(total.n()).isEqualTo(3);
        assertThat(total.mean()).isEqualTo(0.75);
        assertThat(total.excluded()).containsOnly(Map.entry(Exclusion.NO_SHIFT, 1L));
        assertThat(total.figures())
                .containsEntry(Figure.PAGES, new MeasuredGroup.Named(4.0, 4))
                .containsEntry(Figure.AFTER_HOURS, new MeasuredGroup.Named(2.0, 3))
                .containsEntry(Figure.SHIFTS, new MeasuredGroup.Named(4.0, 3))
                .containsEntry(Figure.SHIFTS_PAGED, new MeasuredGroup.Named(2.0, 3));
        // Before anything was recorded there was nothing.
        assertThat(total(new Question(FROM, null, null, null, null, null, Instant.parse("2026-11-09T00:00:00Z"))))
                .extracting(MeasuredGroup::n, MeasuredGroup::mean)
                .containsExactly(0L, null);
    }

    @Test
    void withoutACalendarPagesAreCountedAndInNoShift() {
        UUID incident = declared(IncidentKind.REAL, Severity.SEV1, "checkout");
        paged(incident, MARIA, "2026-11-02T20:00:00Z", null);
        applied();

        MeasuredGroup total = total(new Question(FROM, TO, null, null, null, null, null));
        assertThat(total.n()).isZero();
        assertThat(total.mean()).isNull();
        assertThat(total.excluded()).containsOnly(Map.entry(Exclusion.NO_SHIFT, 1L));
        assertThat(total.figures().get(Figure.PAGES)).isEqualTo(new MeasuredGroup.Named(1.0, 1));
        assertThat(total.figures().get(Figure.AFTER_HOURS)).isEqualTo(new MeasuredGroup.Named(0.0, 0));
    }

    @Test
    void aQuietWeekHasShiftsWithoutAPage() {
        nightsOfTheHouse(DayOfWeek.MONDAY);
        UUID incident = declared(IncidentKind.REAL, Severity.SEV1, "checkout");
        paged(incident, MARIA, "2026-11-02T20:00:00Z", true);
        applied();

        assertThat(groups(new Question(FROM, TO, Grouping.WEEK, null, null, null, null)))
                .extracting(MeasuredGroup::key, MeasuredGroup::mean)
                .containsExactly(tuple("2026-W45", 1.0), tuple("2026-W46", 0.0));
        assertThat(groups(new Question(FROM, TO, Grouping.SEVERITY, null, null, null, null)))
                .extracting(MeasuredGroup::key, MeasuredGroup::mean)
                .containsExactly(tuple("SEV1", 0.5));
    }

    @Test
    void drillsPageNobody() {
        nightsOfTheHouse(DayOfWeek.MONDAY);
        paged(declared(IncidentKind.DRILL, Severity.SEV1, "checkout"), MARIA, "2026-11-02T20:00:00Z", true);
        applied();
        assertThat(total(new Question(FROM, TO, null, null, null, null, null))
                        .figures()
                        .get(Figure.PAGES))
                .isEqualTo(new MeasuredGroup.Named(0.0, 0));
    }

    /** By id, so that nobody stands above anybody; each shift in which somebody was paged counts once. */
    @Test
    void whoIsPagedIsOnePersonWhateverToolsCallThem() {
        nightsOfTheHouse(DayOfWeek.MONDAY, DayOfWeek.TUESDAY);
        tell(MARIA, new CatalogEvent.PersonLearned("Maria", "pagerduty", "PMARIA"));
        tell(MARIA_TOO, new CatalogEvent.PersonLearned("m.lindqvist", "opsgenie", "maria"));
        tell(MARIA_TOO, new CatalogEvent.EntryMerged(MARIA));
        tell(TOM, new CatalogEvent.PersonLearned("Tom", "pagerduty", "PTOM"));
        tell(TOM, new CatalogEvent.PersonNameRemoved("asked for"));
        UUID incident = declared(IncidentKind.REAL, Severity.SEV1, "checkout");
        paged(incident, MARIA, "2026-11-02T20:00:00Z", true);
        paged(incident, MARIA_TOO, "2026-11-02T21:00:00Z", true);
        paged(incident, MARIA_TOO, "2026-11-10T20:00:00Z", true);
        paged(incident, TOM, "2026-11-02T20:30:00Z", false);
        applied();

        assertThat(groups(new Question(FROM, TO, Grouping.PERSON, null, null, null, null)))
                .extracting(MeasuredGroup::key, MeasuredGroup::name, MeasuredGroup::n, MeasuredGroup::mean)
                .containsExactlyInAnyOrder(
                        tuple(MARIA.toString(), "Maria", 3L, 1.5), tuple(TOM.toString(), null, 1L, 1.0));
    }

    @Test
    void thePagesOfATeamGoByItsOwnCalendarAndAllOthersByThatOfTheHouse() {
        nightsOfTheHouse(DayOfWeek.MONDAY, DayOfWeek.TUESDAY, DayOfWeek.WEDNESDAY);
        UUID merged = StreamIds.team("Payment");
        calendar(merged, "America/New_York", new Hours(DayOfWeek.MONDAY, "08:00", "20:00"));
        tell(merged, new CatalogEvent.TeamLearned("Payment", null, null));
        tell(merged, new CatalogEvent.EntryMerged(PAYMENTS));
        tell(PAYMENTS, new CatalogEvent.TeamDescribed("Payments", MARIA));
        tell(MARIA, new CatalogEvent.PersonDescribed("Maria", null, PAYMENTS));
        tell(StreamIds.service("checkout"), new CatalogEvent.ServiceDescribed("checkout", merged));
        tell(StreamIds.service("Checkout API"), new CatalogEvent.ServiceLearned("Checkout API", null, "x", "y"));
        tell(StreamIds.service("Checkout API"), new CatalogEvent.EntryMerged(StreamIds.service("checkout")));
        UUID checkout = declared(IncidentKind.REAL, Severity.SEV1, "checkout api", "CHECKOUT");
        UUID search = declared(IncidentKind.REAL, Severity.SEV2, "search");
        // 15:00 in New York, within her shift and not within one of the house.
        paged(checkout, MARIA, "2026-11-02T20:00:00Z", false);
        paged(checkout, MARIA, "2026-11-03T21:00:00Z", true);
        paged(search, TOM, "2026-11-02T20:00:00Z", true);
        applied();

        assertThat(groups(new Question(FROM, TO, Grouping.TEAM, null, null, null, null)))
                .extracting(MeasuredGroup::key, MeasuredGroup::n, MeasuredGroup::mean)
                .containsExactly(tuple("(none)", 1L, 1.0 / 6), tuple("Payments", 1L, 0.5));
        assertThat(groups(new Question(FROM, TO, Grouping.SERVICE, null, null, null, null)))
                .extracting(MeasuredGroup::key, MeasuredGroup::n)
                .containsExactly(tuple("checkout", 1L), tuple("search", 1L));
        for (String name : List.of("Payments", " payment ")) {
            assertThat(total(new Question(FROM, TO, null, null, name, null, null)))
                    .extracting(MeasuredGroup::n, MeasuredGroup::mean)
                    .containsExactly(1L, 0.5);
        }
        assertThat(total(new Question(FROM, TO, null, "Checkout-API", null, null, null))
                        .n())
                .isZero();
        assertThat(total(new Question(FROM, TO, null, "checkout API", null, null, null))
                        .n())
                .isEqualTo(1);
    }

    @Test
    void whatWasKnownThenIsAnsweredForThen() {
        nightsOfTheHouse(DayOfWeek.MONDAY);
        UUID incident = declared(IncidentKind.REAL, Severity.SEV1, "checkout");
        paged(incident, MARIA, "2026-11-02T20:00:00Z", true);
        Instant then = events.getLast().header().recordedAt();
        calendar(null, "Europe/Berlin");
        paged(incident, MARIA, "2026-11-02T21:00:00Z", true);
        applied();

        assertThat(total(new Question(FROM, TO, null, null, null, null, then)).n())
                .isEqualTo(1);
        MeasuredGroup now = total(new Question(FROM, TO, null, null, null, null, null));
        assertThat(now.n()).isZero();
        assertThat(now.excluded()).containsOnly(Map.entry(Exclusion.NO_SHIFT, 2L));
    }

    @Test
    void theSqlFindsTheShiftThatTheDefinitionFindsOnDaysWhenClocksChangeToo() {
        Random random = new Random(20261122);
        Hours[] hours = new Hours[9];
        for (int i = 0; i < hours.length; i++) {
            hours[i] = new Hours(
                    DayOfWeek.of(1 + random.nextInt(7)),
                    "%02d:%02d".formatted(random.nextInt(24), random.nextInt(60)),
                    "%02d:%02d".formatted(random.nextInt(24), random.nextInt(60)));
        }
        CalendarFact calendar = CalendarFact.of(calendar(null, "Europe/Berlin", hours));
        UUID incident = declared(IncidentKind.REAL, Severity.SEV1, "checkout");
        Set<CalendarFact.Shift> shifts = new HashSet<>();
        long counted = 0;
        for (int i = 0; i < 600; i++) {
            Instant at = Instant.parse("2026-10-20T00:00:00Z").plusSeconds(random.nextInt(10 * 86_400));
            paged(incident, MARIA, at.toString(), null);
            var shift = calendar.shiftAt(at);
            shift.ifPresent(shifts::add);
            counted += shift.isPresent() ? 1 : 0;
        }
        applied();

        MeasuredGroup total = total(new Question(null, TO, null, null, null, null, null));
        assertThat(total.n()).isEqualTo(counted);
        assertThat(total.excluded()).containsOnly(Map.entry(Exclusion.NO_SHIFT, 600 - counted));
        assertThat(total.figures().get(Figure.SHIFTS_PAGED))
                .isEqualTo(new MeasuredGroup.Named((double) shifts.size(), counted));
        assertThat(total.mean()).isCloseTo(counted / shiftsOf(total), within(1e-9));
    }

    @Test
    void howeverTheSameEventsComeInTheTablesAreEqual() {
        nightsOfTheHouse(DayOfWeek.MONDAY);
        calendar(null, "UTC", new Hours(DayOfWeek.FRIDAY, "09:00", "17:00"));
        tell(MARIA, new CatalogEvent.PersonLearned("Maria", "pagerduty", "PMARIA"));
        tell(MARIA_TOO, new CatalogEvent.PersonLearned("m.lindqvist", "opsgenie", "maria"));
        tell(MARIA_TOO, new CatalogEvent.EntryMerged(MARIA));
        tell(MARIA_TOO, new CatalogEvent.PersonNameRemoved("asked for"));
        tell(MARIA, new CatalogEvent.PersonDescribed("Maria L.", "Europe/Berlin", PAYMENTS));
        tell(StreamIds.service("a"), new CatalogEvent.ServiceLearned("a", PAYMENTS, "x", "y"));
        tell(StreamIds.service("a"), new CatalogEvent.EntryMerged(StreamIds.service("b")));
        tell(StreamIds.service("a"), new CatalogEvent.EntryUnmerged(StreamIds.service("b")));
        UUID incident = declared(IncidentKind.REAL, Severity.SEV1, "checkout");
        paged(incident, MARIA, "2026-11-02T20:00:00Z", true);
        paged(incident, TOM, "2026-11-02T21:00:00Z", null);
        applied();
        List<String> inOrder = feed.tables();

        for (int seed = 0; seed < 5; seed++) {
            feed.forgetEverything();
            Random random = new Random(seed);
            List<Recorded<DomainEvent>> shuffled = new ArrayList<>(events);
            shuffled.addAll(events.subList(0, 6));
            Collections.shuffle(shuffled, random);
            for (int from = 0; from < shuffled.size(); ) {
                int to = Math.min(shuffled.size(), from + 1 + random.nextInt(5));
                apply(shuffled.subList(from, to));
                from = to;
            }
            assertThat(feed.tables()).as("seed " + seed).isEqualTo(inOrder);
        }
    }

    // ---------------------------------------------------------------------------------------------------- words

    private static double shiftsOf(MeasuredGroup group) {
        Double shifts = group.figures().get(Figure.SHIFTS).value();
        return shifts == null ? 0 : shifts;
    }

    private void nightsOfTheHouse(DayOfWeek... days) {
        calendar(
                null,
                "Europe/Berlin",
                Arrays.stream(days).map(day -> new Hours(day, "20:00", "08:00")).toArray(Hours[]::new));
    }

    private CalendarEvent.Changed calendar(@Nullable UUID team, String zone, Hours... hours) {
        CalendarEvent.Changed said = new CalendarEvent.Changed(
                team,
                zone,
                List.of(),
                List.of(),
                Arrays.stream(hours).map(each -> new Shift("primary", each)).toList());
        tell(StreamIds.calendar(team), said);
        return said;
    }

    private final Map<UUID, Told> incidents = new HashMap<>();

    private UUID declared(IncidentKind kind, Severity severity, String... services) {
        UUID incident = StreamIds.next();
        Told told = Told.of(Facts.lifecycle(IncidentStatus.OPEN, Facts.declared(FROM)))
                .kind(kind)
                .severity(severity)
                .services(services);
        incidents.put(incident, told);
        tell(incident, Facts.declaration(told.standing()));
        return incident;
    }

    private void paged(UUID incident, UUID person, String at, @Nullable Boolean afterHours) {
        Standing standing = incidents.get(incident).standing();
        events.add(recorded(
                incident,
                versions.merge(incident, 1L, Long::sum),
                Instant.parse(at),
                recordedAt(),
                new IncidentEvent.Paged(person, "PUSH", afterHours, standing)));
    }

    private void tell(UUID stream, DomainEvent event) {
        events.add(recorded(stream, versions.merge(stream, 1L, Long::sum), FROM, recordedAt(), event));
    }

    private Instant recordedAt() {
        return Instant.parse("2026-11-20T10:00:00Z").plusSeconds(events.size());
    }

    private void applied() {
        apply(events);
    }

    private void apply(List<Recorded<DomainEvent>> some) {
        orderedApply
                .apply(Topic.INCIDENT_EVENTS, Feed.batch(Topic.INCIDENT_EVENTS, some))
                .await()
                .atMost(Duration.ofSeconds(20));
    }

    private MeasuredGroup total(Question question) {
        return answer(question).total();
    }

    private List<MeasuredGroup> groups(Question question) {
        return answer(question).groups();
    }

    private MetricQueries.Measurement answer(Question question) {
        return queries.measure(Metrics.PAGING_LOAD, question).await().atMost(Duration.ofSeconds(10));
    }
}
