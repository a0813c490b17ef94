package dev.hindsight.contract;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What an incident cost, in numbers ("write impact in numbers", seed 000); each null while unknown, none negative.
 *
 * @param usersAffected people
 * @param requestsFailed requests
 * @param errorRatePercent 0 to 100, at the worst
 * @param latencyP99Millis milliseconds, at the worst
 * @param sloBudgetConsumedPercent share of the period's error budget; may exceed 100
 * @param revenueLost in {@code currency}
 * @param currency ISO 4217, three letters
 * @param tickets support tickets
 */
public record Impact(
        @Nullable Long usersAffected,
        @Nullable Long requestsFailed,
        @Nullable BigDecimal errorRatePercent,
        @Nullable Long latencyP99Millis,
        @Nullable BigDecimal sloBudgetConsumedPercent,
        @Nullable BigDecimal revenueLost,
        @Nullable String currency,
        @Nullable Long tickets) {

    public static final Impact NONE = new Impact(null, null, null, null, null, null, null, null);

    /** This impact with every number that {@code later} knows put in its place. */
    public Impact updatedBy(Impact later) {
        return new Impact(
                later.usersAffected != null ? later.usersAffected : usersAffected,
                later.requestsFailed != null ? later.requestsFailed : requestsFailed,
                later.errorRatePercent != null ? later.errorRatePercent : errorRatePercent,
                later.latencyP99Millis != null ? later.latencyP99Millis : latencyP99Millis,
                later.sloBudgetConsumedPercent != null ? later.sloBudgetConsumedPercent : sloBudgetConsumedPercent,
                later.revenueLost != null ? later.revenueLost : revenueLost,
                later.currency != null ? later.currency : currency,
                later.tickets != null ? later.tickets : tickets);
    }
}
