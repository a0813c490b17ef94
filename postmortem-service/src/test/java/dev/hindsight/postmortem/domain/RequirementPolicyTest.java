package dev.hindsight.postmortem.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.contract.Impact;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.RequirementAnswer;
import dev.hindsight.contract.RequirementRule;
import dev.hindsight.contract.Severity;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class RequirementPolicyTest {

    /** A Thursday. */
    private static final Instant RESOLVED = Instant.parse("2026-05-07T10:00:00Z");

    @Test
    void aMajorCustomerFacingIncidentRequiresOne() {
        Requirement decided = decide(new Facts().severity(Severity.SEV1).customerFacing());

        assertThat(decided.answer()).isEqualTo(RequirementAnswer.REQUIRED);
        assertThat(fired(decided)).containsExactly("MAJOR_CUSTOMER_FACING");
        assertThat(decided.duty()).isTrue();
    }

    @Test
    void aMajorIncidentThatNoCustomerSeesIsOptional() {
        Requirement decided = decide(new Facts().severity(Severity.SEV0));

        assertThat(decided.answer()).isEqualTo(RequirementAnswer.OPTIONAL);
        assertThat(fired(decided)).containsExactly("ANYTHING_ELSE");
        assertThat(decided.duty()).isFalse();
        assertThat(decided.draftDueAt()).isNull();
    }

    @Test
    void aPageAfterHoursRequiresOne() {
        assertThat(fired(decide(new Facts().pages(3, 3, 1)))).containsExactly("PAGED_AFTER_HOURS");
    }

    @Test
    void aPageThatNoCalendarJudgedIsUnknownAndNotWithinHours() {
        assertThat(paging(new Facts().pages(2, 0, 0))).isEqualTo("2 pages, none judged by a calendar yet.");
        assertThat(paging(new Facts().pages(1, 0, 0))).isEqualTo("1 page, not judged by a calendar yet.");
        assertThat(paging(new Facts().pages(3, 2, 1)))
                .isEqualTo("2 of 3 pages judged by a calendar so far; 1 of them went out after hours.");
        assertThat(paging(new Facts().pages(2, 2, 0))).isEqualTo("0 of 2 pages went out after hours.");
        assertThat(paging(new Facts())).isEqualTo("Nobody was paged.");
    }

    @Test
    void everyNumberThatCustomersFeelIsImpact() {
        BigDecimal some = new BigDecimal("0.5");
        List.of(
                        new Impact(1L, null, null, null, null, null, null, null),
                        new Impact(null, 1L, null, null, null, null, null, null),
                        new Impact(null, null, some, null, null, null, null, null),
                        new Impact(null, null, null, null, some, null, null, null),
                        new Impact(null, null, null, null, null, some, "EUR", null),
                        new Impact(null, null, null, null, null, null, null, 1L))
                .forEach(impact -> assertThat(
                                fired(decide(new Facts().severity(Severity.SEV4).impact(impact))))
                        .as("%s", impact)
                        .containsExactly("ANYTHING_ELSE"));
        assertThat(fired(decide(new Facts()
                        .severity(Severity.SEV4)
                        .impact(new Impact(0L, 0L, BigDecimal.ZERO, 900L, null, null, null, 0L)))))
                .containsExactly("MINOR_WITHOUT_CUSTOMER_IMPACT");
    }

    @Test
    void anIncidentThatIsNotOverAnyMoreObligesNobody() {
        assertThat(decide(new Facts().security().status(IncidentStatus.MERGED, 0)))
                .satisfies(withdrawn("merged into another"));
        assertThat(decide(new Facts().security().status(IncidentStatus.CANCELED, 1)))
                .satisfies(withdrawn("canceled as a false alarm"));
        assertThat(decide(new Facts().security().status(IncidentStatus.ACKNOWLEDGED, 1)))
                .satisfies(withdrawn("reopened and is not resolved again"));
        assertThat(decide(new Facts().security().status(IncidentStatus.CLOSED, 1))
                        .duty())
                .isTrue();
    }

    private static Consumer<Requirement> withdrawn(String because) {
        return requirement -> {
            assertThat(requirement.answer()).isEqualTo(RequirementAnswer.REQUIRED);
            assertThat(requirement.duty()).isFalse();
            assertThat(requirement.dutyBecause()).contains(because);
            assertThat(requirement.draftDueAt()).isNull();
        };
    }

    private static String paging(Facts facts) {
        return decide(facts).rules().stream()
                .filter(rule -> rule.code().equals("PAGED_AFTER_HOURS"))
                .findFirst()
                .orElseThrow()
                .because();
    }

    @Test
    void pagesThatNoCalendarJudgedRequireNothing() {
        assertThat(decide(new Facts().pages(3, 0, 0)).answer()).isEqualTo(RequirementAnswer.OPTIONAL);
    }

    @Test
    void aRepeatNamesTheEarlierIncidents() {
        Requirement decided = decide(new Facts().repeatOf("INC-7", "INC-9"));

        assertThat(fired(decided)).containsExactly("REPEAT_WITHIN_30_DAYS");
        assertThat(decided.rules())
                .anySatisfy(rule -> assertThat(rule.because()).contains("INC-7, INC-9"));
    }

    @Test
    void aSecurityIncidentRequiresOne() {
        assertThat(fired(decide(new Facts().security()))).containsExactly("SECURITY");
    }

    @Test
    void aMinorIncidentWithoutCustomerImpactAsksForAShortOne() {
        Requirement decided = decide(new Facts().severity(Severity.SEV3));

        assertThat(decided.answer()).isEqualTo(RequirementAnswer.OPTIONAL);
        assertThat(fired(decided)).containsExactly("MINOR_WITHOUT_CUSTOMER_IMPACT");
    }

    @Test
    void aMinorIncidentThatHitCustomersIsNotWithoutImpact() {
        assertThat(fired(decide(new Facts().severity(Severity.SEV4).usersAffected(12))))
                .containsExactly("ANYTHING_ELSE");
    }

    @Test
    void everyRuleIsListedWhetherItFiredOrNot() {
        Requirement decided =
                decide(new Facts().severity(Severity.SEV0).customerFacing().security());

        assertThat(decided.rules())
                .extracting(RequirementRule::code)
                .containsExactly(
                        "MAJOR_CUSTOMER_FACING",
                        "PAGED_AFTER_HOURS",
                        "REPEAT_WITHIN_30_DAYS",
                        "SECURITY",
                        "MINOR_WITHOUT_CUSTOMER_IMPACT",
                        "ANYTHING_ELSE");
        assertThat(fired(decided)).containsExactly("MAJOR_CUSTOMER_FACING", "SECURITY");
        assertThat(decided.rules())
                .allSatisfy(rule -> assertThat(rule.because()).isNotBlank());
    }

    @Test
    void theDraftIsDueAfter48HoursAndTheReviewOfAMajorOneAfterFiveBusinessDays() {
        Requirement decided = decide(new Facts().severity(Severity.SEV1).customerFacing());

        assertThat(decided.draftDueAt()).isEqualTo("2026-05-09T10:00:00Z");
        assertThat(decided.reviewDueAt()).isEqualTo("2026-05-14T10:00:00Z");
    }

    @Test
    void theReviewOfALesserOneHasNoDeadline() {
        assertThat(decide(new Facts().security()).reviewDueAt()).isNull();
    }

    @Test
    void businessDaysAfterAWeekendBeginOnMonday() {
        assertThat(BusinessDays.after(Instant.parse("2026-05-09T23:30:00Z"), 5)).isEqualTo("2026-05-15T23:30:00Z");
        assertThat(BusinessDays.after(Instant.parse("2026-05-08T08:00:00Z"), 1)).isEqualTo("2026-05-11T08:00:00Z");
    }

    @Test
    void aDrillRequiresOneAndObligesNobody() {
        assertThat(decide(new Facts().security().kind(IncidentKind.DRILL)).duty())
                .isFalse();
    }

    @Test
    void anImportObligesNobody() {
        Requirement decided = decide(new Facts().security().imported());

        assertThat(decided.answer()).isEqualTo(RequirementAnswer.REQUIRED);
        assertThat(decided.duty()).isFalse();
        assertThat(decided.dutyBecause()).contains("imported");
    }

    @Test
    void aResolutionRecordedMoreThanADayLateObligesNobody() {
        assertThat(decide(new Facts().security().recordedAfter(Duration.ofHours(24)))
                        .duty())
                .isTrue();
        assertThat(decide(new Facts()
                                .security()
                                .recordedAfter(Duration.ofHours(24).plusSeconds(1)))
                        .duty())
                .isFalse();
    }

    @Test
    void anOngoingIncidentObligesNobodyYet() {
        assertThat(decide(new Facts().security().ongoing()).dutyBecause()).contains("not resolved yet");
    }

    private static Requirement decide(Facts facts) {
        return RequirementPolicy.FIRST.decide(facts.build());
    }

    private static List<String> fired(Requirement requirement) {
        return requirement.rules().stream()
                .filter(RequirementRule::fired)
                .map(RequirementRule::code)
                .toList();
    }

    /** A real SEV2 without anything special, resolved and heard of at once. */
    private static final class Facts {
        private Severity severity = Severity.SEV2;
        private boolean customerFacing;
        private boolean security;
        private Impact impact = Impact.NONE;
        private long pages;
        private long pagesJudged;
        private long pagesAfterHours;
        private List<String> repeatOf = List.of();
        private IncidentKind kind = IncidentKind.REAL;
        private boolean imported;
        private IncidentStatus status = IncidentStatus.RESOLVED;
        private int reopenings;
        private Instant resolvedAt = RESOLVED;
        private Instant recordedAt = RESOLVED;

        Facts severity(Severity its) {
            severity = its;
            return this;
        }

        Facts customerFacing() {
            customerFacing = true;
            return this;
        }

        Facts security() {
            security = true;
            return this;
        }

        Facts usersAffected(long users) {
            impact = new Impact(users, null, null, null, null, null, null, null);
            return this;
        }

        Facts pages(long all, long judged, long afterHours) {
            pages = all;
            pagesJudged = judged;
            pagesAfterHours = afterHours;
            return this;
        }

        Facts repeatOf(String... references) {
            repeatOf = List.of(references);
            return this;
        }

        Facts kind(IncidentKind its) {
            kind = its;
            return this;
        }

        Facts imported() {
            imported = true;
            return this;
        }

        Facts recordedAfter(Duration delay) {
            recordedAt = RESOLVED.plus(delay);
            return this;
        }

        Facts ongoing() {
            status = IncidentStatus.ACKNOWLEDGED;
            resolvedAt = null;
            recordedAt = null;
            return this;
        }

        Facts impact(Impact its) {
            impact = its;
            return this;
        }

        Facts status(IncidentStatus its, int times) {
            status = its;
            reopenings = times;
            return this;
        }

        RequirementFacts build() {
            return new RequirementFacts(
                    severity,
                    customerFacing,
                    security,
                    impact,
                    pages,
                    pagesJudged,
                    pagesAfterHours,
                    repeatOf,
                    kind,
                    imported,
                    status,
                    reopenings,
                    resolvedAt,
                    recordedAt);
        }
    }
}
