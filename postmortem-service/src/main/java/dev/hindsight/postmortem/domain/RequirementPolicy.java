package dev.hindsight.postmortem.domain;

import dev.hindsight.contract.Impact;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.RequirementAnswer;
import dev.hindsight.contract.RequirementRule;
import dev.hindsight.contract.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * When a postmortem is due: the decision table of seed 000 ("A decision table for when to write a postmortem"). The answer
 * lists every rule with what it was judged on. A duty, with its deadlines, falls only on required postmortems of real
 * incidents that are over, never on imports and on resolutions that we heard of late; it is withdrawn when the incident
 * is reopened, merged or canceled, and comes back with the next resolution.
 *
 * @param version goes into every decision
 * @param late a resolution recorded later than this after it happened binds nobody
 * @param draftWithin from resolution to the draft's being ready for review
 * @param reviewWithinBusinessDays Monday to Friday, UTC, for SEV0 and SEV1
 */
public record RequirementPolicy(int version, Duration late, Duration draftWithin, int reviewWithinBusinessDays) {

    /** The table as the seeds give it. */
    public static final RequirementPolicy FIRST =
            new RequirementPolicy(1, Duration.ofHours(24), Duration.ofHours(48), 5);

    /** How long before an incident another one of the same failure mode makes it a repeat (seed 000). */
    public static final Duration REPEAT_WINDOW = Duration.ofDays(30);

    /** The answer for an incident, as it stands. */
    public Requirement decide(RequirementFacts facts) {
        List<RequirementRule> obliging =
                List.of(majorAndCustomerFacing(facts), pagedAfterHours(facts), repeat(facts), security(facts));
        RequirementRule minor = minorWithoutCustomerImpact(facts);
        boolean required = obliging.stream().anyMatch(RequirementRule::fired);
        List<RequirementRule> rules = new ArrayList<>(obliging);
        rules.add(minor);
        rules.add(anythingElse(!required && !minor.fired()));
        RequirementAnswer answer = required ? RequirementAnswer.REQUIRED : RequirementAnswer.OPTIONAL;
        String release = releasedBecause(answer, facts);
        if (release != null) {
            return new Requirement(answer, rules, version, false, release, null, null);
        }
        Instant resolvedAt = Objects.requireNonNull(facts.resolvedAt());
        return new Requirement(
                answer,
                rules,
                version,
                true,
                "It is required, and the resolution of a real incident was recorded in time.",
                resolvedAt.plus(draftWithin),
                facts.severity().isMajor() ? BusinessDays.after(resolvedAt, reviewWithinBusinessDays) : null);
    }

    private @Nullable String releasedBecause(RequirementAnswer answer, RequirementFacts facts) {
        if (answer == RequirementAnswer.OPTIONAL) {
            return "It is optional.";
        }
        if (facts.kind() != IncidentKind.REAL) {
            return "The incident is a " + facts.kind().name().toLowerCase(java.util.Locale.ROOT) + ", not a real one.";
        }
        if (facts.imported()) {
            return "The incident was imported; the past obliges nobody.";
        }
        String standing =
                switch (facts.status()) {
                    case RESOLVED, CLOSED -> null;
                    case MERGED -> "The incident was merged into another one.";
                    case CANCELED -> "The incident was canceled as a false alarm.";
                    case OPEN, ACKNOWLEDGED, MITIGATED ->
                        facts.reopenings() > 0
                                ? "The incident was reopened and is not resolved again yet."
                                : "The incident is not resolved yet.";
                };
        if (standing != null) {
            return standing;
        }
        Instant resolvedAt = facts.resolvedAt();
        Instant recordedAt = facts.resolutionRecordedAt();
        if (resolvedAt == null || recordedAt == null) {
            return "The incident is not resolved yet.";
        }
        return Duration.between(resolvedAt, recordedAt).compareTo(late) > 0
                ? "The resolution was recorded more than " + late.toHours() + " hours after it happened."
                : null;
    }

    private static RequirementRule majorAndCustomerFacing(RequirementFacts facts) {
        return new RequirementRule(
                "MAJOR_CUSTOMER_FACING",
                facts.severity().isMajor() && facts.customerFacing(),
                "Severity is " + facts.severity() + ", and it is " + (facts.customerFacing() ? "" : "not ")
                        + "customer-facing.");
    }

    private static RequirementRule pagedAfterHours(RequirementFacts facts) {
        return new RequirementRule(
                "PAGED_AFTER_HOURS",
                facts.pagesAfterHours() > 0,
                paging(facts.pages(), facts.pagesJudged(), facts.pagesAfterHours()));
    }

    /** A page that no calendar has judged is unknown, which is not the same as "within hours". */
    private static String paging(long pages, long judged, long afterHours) {
        if (pages == 0) {
            return "Nobody was paged.";
        }
        String all = pages == 1 ? "1 page" : pages + " pages";
        if (judged == 0) {
            return all + (pages == 1 ? ", not judged by a calendar yet." : ", none judged by a calendar yet.");
        }
        String known = judged == pages ? all : judged + " of " + all + " judged by a calendar";
        return judged == pages
                ? afterHours + " of " + known + " went out after hours."
                : known + " so far; " + afterHours + " of them went out after hours.";
    }

    private static RequirementRule repeat(RequirementFacts facts) {
        return new RequirementRule(
                "REPEAT_WITHIN_30_DAYS",
                !facts.repeatOf().isEmpty(),
                facts.repeatOf().isEmpty()
                        ? "No incident of the 30 days before has the same failure mode."
                        : "The same failure mode as " + String.join(", ", facts.repeatOf())
                                + ", less than 30 days before.");
    }

    private static RequirementRule security(RequirementFacts facts) {
        return new RequirementRule(
                "SECURITY",
                facts.security(),
                "It is " + (facts.security() ? "" : "not ") + "marked as a security incident or data exposure.");
    }

    private static RequirementRule minorWithoutCustomerImpact(RequirementFacts facts) {
        boolean minor = facts.severity().compareTo(Severity.SEV3) >= 0;
        boolean customers = facts.customerFacing() || customersHit(facts.impact());
        return new RequirementRule(
                "MINOR_WITHOUT_CUSTOMER_IMPACT",
                minor && !customers,
                "Severity is " + facts.severity() + ", "
                        + (customers ? "and customers were affected." : "and no impact on customers is recorded.")
                        + (minor && !customers ? " A short one in writing is enough." : ""));
    }

    private static RequirementRule anythingElse(boolean fired) {
        return new RequirementRule("ANYTHING_ELSE", fired, fired ? "No other rule fired." : "Another rule fired.");
    }

    /** Any number that customers feel; latency alone says nothing, as it is never zero. */
    private static boolean customersHit(Impact impact) {
        return positive(impact.usersAffected())
                || positive(impact.requestsFailed())
                || positive(impact.errorRatePercent())
                || positive(impact.sloBudgetConsumedPercent())
                || positive(impact.revenueLost())
                || positive(impact.tickets());
    }

    private static boolean positive(@Nullable Number number) {
        return number != null && number.doubleValue() > 0;
    }
}
