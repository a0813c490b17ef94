package dev.hindsight.contract;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;

/** How this house works: one stream for each policy (topic {@code incident-events}, key: the stream). */
public sealed interface PolicyEvent extends DomainEvent {

    /**
     * What is owed before an incident may be closed, from now on; replaces all that was said before.
     *
     * @param rules at most one for each severity; where there is none, nothing is owed
     */
    @JsonTypeName("hindsight.policy.closure-changed.v1")
    record ClosureChanged(List<ClosureRule> rules) implements PolicyEvent {

        public ClosureChanged {
            rules = List.copyOf(rules);
        }
    }
}
