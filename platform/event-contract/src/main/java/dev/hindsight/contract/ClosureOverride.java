package dev.hindsight.contract;

import java.util.List;

/**
 * An admin closed an incident although something is owed.
 *
 * @param unmet what stood against it, as sentences
 * @param policyVersion of the closure policy that asked for it; 0 for the one that Hindsight begins with
 */
public record ClosureOverride(String reason, List<String> unmet, long policyVersion) {

    public ClosureOverride {
        unmet = List.copyOf(unmet);
    }
}
