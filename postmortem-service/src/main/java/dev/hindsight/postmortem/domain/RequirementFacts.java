package dev.hindsight.postmortem.domain;

import dev.hindsight.contract.Impact;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Severity;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the decision table looks at.
 *
 * @param pages how often somebody was paged
 * @param pagesJudged how many of them a calendar judged at all
 * @param pagesAfterHours how many of them it judged as after hours
 * @param repeatOf references of the incidents of the 30 days before with the same failure mode
 * @param imported it comes from another system's past
 * @param status a duty stands only while it is resolved or closed
 * @param reopenings how often it came back
 * @param resolvedAt null while it is not resolved
 * @param resolutionRecordedAt when we heard of the resolution; null while it is not resolved
 */
public record RequirementFacts(
        Severity severity,
        boolean customerFacing,
        boolean security,
        Impact impact,
        long pages,
        long pagesJudged,
        long pagesAfterHours,
        List<String> repeatOf,
        IncidentKind kind,
        boolean imported,
        IncidentStatus status,
        int reopenings,
        @Nullable Instant resolvedAt,
        @Nullable Instant resolutionRecordedAt) {

    public RequirementFacts {
        repeatOf = List.copyOf(repeatOf);
    }
}
