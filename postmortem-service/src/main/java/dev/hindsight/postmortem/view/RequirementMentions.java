package dev.hindsight.postmortem.view;

import dev.hindsight.contract.PostmortemEvent.RequirementDecided;
import dev.hindsight.contract.RequirementRule;
import dev.hindsight.conventions.access.Reader;
import dev.hindsight.conventions.operations.Mentions;
import dev.hindsight.eventstore.EventStore.StoredEvent;
import dev.hindsight.eventstore.wire.EventCodec;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The earlier incidents that make a postmortem due. */
@ApplicationScoped
public class RequirementMentions implements Mentions {

    private final ReferenceQuery references;

    RequirementMentions(ReferenceQuery references) {
        this.references = references;
    }

    @Override
    public Uni<Map<UUID, byte[]>> without(Reader reader, List<StoredEvent> events) {
        Map<UUID, RequirementDecided> decided = Mentions.of(RequirementDecided.class, events);
        List<RequirementRule> rules = decided.values().stream()
                .flatMap(decision -> decision.rules().stream())
                .toList();
        return references.hidden(reader, rules).map(hidden -> {
            Map<UUID, byte[]> without = new HashMap<>();
            if (!hidden.isEmpty()) {
                decided.forEach((id, decision) -> without.put(id, EventCodec.encode(without(hidden, decision))));
            }
            return without;
        });
    }

    private static RequirementDecided without(Set<String> hidden, RequirementDecided decided) {
        return new RequirementDecided(
                decided.incidentId(),
                decided.answer(),
                decided.rules().stream()
                        .map(rule -> new RequirementRule(
                                rule.code(), rule.fired(), ReferenceQuery.without(hidden, rule.because())))
                        .toList(),
                decided.policyVersion(),
                decided.duty(),
                decided.dutyBecause(),
                decided.draftDueAt(),
                decided.reviewDueAt());
    }
}
