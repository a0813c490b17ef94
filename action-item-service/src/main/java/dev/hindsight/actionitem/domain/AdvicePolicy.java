package dev.hindsight.actionitem.domain;

import dev.hindsight.actionitem.domain.BalancePolicy.Warning;
import dev.hindsight.contract.ActionItemDetails;
import dev.hindsight.contract.ActionItemDetails.Priority;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** What is worth a second look at one item and yet stands against nothing. */
public final class AdvicePolicy {

    /** "High-priority items resolved within 30 days" (seed 004). */
    static final int HIGH_DAYS = 30;

    private AdvicePolicy() {}

    /**
     * @param today UTC
     * @param ownerKnown whether the catalog has the owner; true where there is none
     * @param incidentKnown whether the incident's events have come here
     */
    public static List<Warning> judge(
            ActionItemDetails details, LocalDate today, boolean ownerKnown, boolean incidentKnown) {
        List<Warning> warnings = new ArrayList<>();
        LocalDate due = details.dueDate();
        if (due != null && due.isBefore(today)) {
            warnings.add(new Warning("ALREADY_OVERDUE", "The due date " + due + " has passed already."));
        }
        if (due != null && details.priority() == Priority.HIGH && due.isAfter(today.plusDays(HIGH_DAYS))) {
            warnings.add(new Warning(
                    "HIGH_DUE_LATE",
                    "HIGH items are done within " + HIGH_DAYS + " days; this one is due on " + due + "."));
        }
        if (!ownerKnown) {
            warnings.add(new Warning(
                    "OWNER_UNKNOWN", "The catalog does not know the owner (yet), so no name can be shown."));
        }
        if (!incidentKnown) {
            warnings.add(new Warning(
                    "INCIDENT_UNKNOWN",
                    "No event of the incident has come here (yet). If that stays so, the incidentId is wrong."));
        }
        return List.copyOf(warnings);
    }
}
