package dev.hindsight.actionitem.domain;

import dev.hindsight.contract.ActionItemDetails;
import dev.hindsight.contract.ActionItemDetails.Category;
import dev.hindsight.contract.ActionItemDetails.Change;
import dev.hindsight.contract.ActionItemDetails.ChangeKind;
import dev.hindsight.contract.ActionItemDetails.Priority;
import dev.hindsight.contract.ActionItemDetails.Risk;
import dev.hindsight.contract.ActionItemDetails.Verification;
import dev.hindsight.contract.ActionItemDetails.VerificationKind;
import dev.hindsight.contract.ActionItemEvent;
import dev.hindsight.contract.QualityFinding;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

/** Items that the specs begin with. */
final class Items {

    static final UUID INCIDENT = UUID.fromString("0198c0de-0000-7000-8000-000000000001");
    static final UUID POSTMORTEM = UUID.fromString("0198c0de-0000-7000-8000-000000000002");
    static final UUID MARIA = UUID.fromString("0198c0de-0000-7000-8000-00000000000a");
    static final UUID SARAH = UUID.fromString("0198c0de-0000-7000-8000-00000000000b");
    static final Instant MONDAY = Instant.parse("2026-11-16T09:00:00Z");
    static final Instant TUESDAY = Instant.parse("2026-11-17T09:00:00Z");
    static final Instant WEDNESDAY = Instant.parse("2026-11-18T09:00:00Z");
    static final Instant THURSDAY = Instant.parse("2026-11-19T09:00:00Z");
    static final Instant FRIDAY = Instant.parse("2026-11-20T09:00:00Z");

    static final Change CHANGE = new Change(
            ChangeKind.CONFIGURATION, "Token bucket of 100 req/s per client in the gateway's route for /search", null);
    static final Verification VERIFICATION =
            new Verification(VerificationKind.TEST, "The load test at 200 req/s gets 429s");

    /** Meets the bar. */
    static final ActionItemDetails GOOD = details("Add rate limiting to the /search API endpoint at 100 req/s");

    /** Says its title and nothing else. */
    static final ActionItemDetails BARE = new ActionItemDetails(
            "Add rate limiting to the /search API endpoint at 100 req/s",
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null);

    private Items() {}

    static ActionItemDetails details(String title) {
        return new ActionItemDetails(
                title,
                CHANGE,
                MARIA,
                LocalDate.of(2026, 12, 5),
                Priority.HIGH,
                ActionItemDetails.Type.PREVENTATIVE,
                Category.MITIGATION,
                Risk.BLAST_RADIUS,
                VERIFICATION);
    }

    static ActionItemDetails ownedBySarah() {
        return new ActionItemDetails(
                GOOD.title(),
                CHANGE,
                SARAH,
                GOOD.dueDate(),
                GOOD.priority(),
                GOOD.type(),
                GOOD.category(),
                GOOD.risk(),
                VERIFICATION);
    }

    static ActionItemEvent proposed(ActionItemDetails details) {
        return new ActionItemEvent.Proposed(INCIDENT, POSTMORTEM, "ACT-7", details, QualityBar.judge(details));
    }

    static List<String> codes(List<QualityFinding> findings) {
        return findings.stream().map(QualityFinding::code).toList();
    }
}
