package dev.hindsight.incident.domain;

import dev.hindsight.contract.ActionItemDetails.Priority;
import dev.hindsight.contract.ActionItemStatus;
import dev.hindsight.contract.ClosureRule;
import dev.hindsight.contract.ClosureRule.ItemNeed;
import dev.hindsight.contract.ClosureRule.ItemState;
import dev.hindsight.contract.ClosureRule.PostmortemNeed;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.PolicyEvent;
import dev.hindsight.contract.PolicyEvent.ClosureChanged;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.contract.refusal.Refused.Reason;
import dev.hindsight.incident.domain.ClosureFacts.Item;
import dev.hindsight.incident.domain.ClosureFacts.PostmortemStanding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is owed, by severity, before an incident may be closed ("Follow-through" and "duty" of the domain's rules; tracking
 * closure is seed 000's policy framework).
 *
 * @param rules one for each severity of which something is owed
 * @param version 0 for the one that Hindsight begins with; counted from 1 as it is changed
 */
public record ClosurePolicy(Map<Severity, ClosureRule> rules, long version) {

    /**
     * SEV0 and SEV1: a published postmortem, and no open item of priority HIGH. All others: a published postmortem where it
     * is a duty.
     */
    public static final ClosurePolicy INITIAL = of(
            List.of(
                    new ClosureRule(
                            Severity.SEV0,
                            PostmortemNeed.EVERYBODYS,
                            List.of(new ItemNeed(Priority.HIGH, ItemState.DONE))),
                    new ClosureRule(
                            Severity.SEV1,
                            PostmortemNeed.EVERYBODYS,
                            List.of(new ItemNeed(Priority.HIGH, ItemState.DONE))),
                    new ClosureRule(Severity.SEV2, PostmortemNeed.WHERE_REQUIRED, List.of()),
                    new ClosureRule(Severity.SEV3, PostmortemNeed.WHERE_REQUIRED, List.of()),
                    new ClosureRule(Severity.SEV4, PostmortemNeed.WHERE_REQUIRED, List.of())),
            0);

    /** Everything may be closed. */
    public static final ClosurePolicy NOTHING_OWED = new ClosurePolicy(Map.of(), 0);

    private static ClosurePolicy of(List<ClosureRule> rules, long version) {
        Map<Severity, ClosureRule> bySeverity = new EnumMap<>(Severity.class);
        rules.forEach(rule -> bySeverity.put(rule.severity(), rule));
        return new ClosurePolicy(Map.copyOf(bySeverity), version);
    }

    /** The rule of each severity, the worst first. */
    public List<ClosureRule> everyRule() {
        return Stream.of(Severity.values()).map(this::rule).toList();
    }

    /** The rule of a severity; one that asks for nothing where nobody said. */
    public ClosureRule rule(Severity severity) {
        return rules.getOrDefault(severity, new ClosureRule(severity, PostmortemNeed.NOBODYS, List.of()));
    }

    /**
     * The change to these rules; nothing where they ask for the same.
     *
     * @throws Invalid where a severity, or a priority in a rule, is named twice
     */
    public static List<PolicyEvent> decide(ClosurePolicy policy, List<ClosureRule> rules) {
        List<Invalid.Violation> violations = new ArrayList<>();
        Set<Severity> severities = new HashSet<>();
        for (int i = 0; i < rules.size(); i++) {
            ClosureRule rule = rules.get(i);
            if (!severities.add(rule.severity())) {
                violations.add(new Invalid.Violation(
                        "rules[" + i + "].severity",
                        "NAMED_TWICE",
                        "There is another rule for " + rule.severity() + "."));
            }
            Set<Priority> priorities = new HashSet<>();
            for (int j = 0; j < rule.items().size(); j++) {
                Priority priority = rule.items().get(j).priority();
                if (!priorities.add(priority)) {
                    violations.add(new Invalid.Violation(
                            "rules[" + i + "].items[" + j + "].priority",
                            "NAMED_TWICE",
                            "The rule says already how far items of priority " + priority + " must be."));
                }
            }
        }
        if (!violations.isEmpty()) {
            throw new Invalid(violations);
        }
        List<ClosureRule> wanted = of(rules, 0).everyRule();
        return wanted.equals(policy.everyRule()) ? List.of() : List.of(new ClosureChanged(wanted));
    }

    /** The policy after a change. */
    public static ClosurePolicy evolve(ClosurePolicy policy, PolicyEvent event, long version) {
        return switch (event) {
            case ClosureChanged(List<ClosureRule> rules) -> of(rules, version);
        };
    }

    /** Everything that is owed before this incident may be closed; nothing of a test or a drill. */
    public List<Reason> unmet(Incident incident, ClosureFacts facts) {
        List<Reason> unmet = new ArrayList<>();
        if (incident.kind() != IncidentKind.REAL) {
            return unmet;
        }
        ClosureRule rule = rule(incident.severity());
        // Of another system's past nothing is drafted, so that nothing could be published.
        Reason missing = Imports.areAmong(incident.sources()) ? null : missing(rule, facts.postmortem());
        if (missing != null) {
            unmet.add(missing);
        }
        facts.items().stream()
                .sorted(Comparator.comparing(Item::priority, Comparator.nullsLast(Comparator.naturalOrder()))
                        .thenComparing(item -> item.reference().length())
                        .thenComparing(Item::reference))
                .forEach(item -> rule.items().stream()
                        .filter(need -> need.priority() == item.priority())
                        .filter(need -> !isMet(need.until(), item.status()))
                        .forEach(need -> unmet.add(open(need, item))));
        return unmet;
    }

    private static @Nullable Reason missing(ClosureRule rule, PostmortemStanding postmortem) {
        boolean isOwed =
                switch (rule.postmortem()) {
                    case NOBODYS -> false;
                    case WHERE_REQUIRED -> Boolean.TRUE.equals(postmortem.isDuty());
                    // Required and yet no duty: it was imported, or told too late.
                    case EVERYBODYS ->
                        !(Boolean.TRUE.equals(postmortem.isRequired()) && Boolean.FALSE.equals(postmortem.isDuty()));
                };
        return !isOwed || postmortem.isPublished() || postmortem.isWaived()
                ? null
                : new Reason(
                        "POSTMORTEM_UNPUBLISHED",
                        "The postmortem of a " + rule.severity()
                                + " has to be published first, or waived with a reason.");
    }

    private static boolean isMet(ItemState until, ActionItemStatus status) {
        return switch (status) {
            case VERIFIED, CANCELED -> true;
            case DONE -> until == ItemState.DONE;
            case PROPOSED, ACCEPTED, IN_PROGRESS -> false;
        };
    }

    private static Reason open(ItemNeed need, Item item) {
        String what = item.reference() + " (" + item.title() + ", " + need.priority() + ") is " + item.status();
        return item.status() == ActionItemStatus.DONE
                ? new Reason("ITEM_UNVERIFIED", what + "; it has to be verified first.")
                : new Reason(
                        "ITEM_OPEN",
                        what + "; it has to be " + (need.until() == ItemState.DONE ? "done" : "verified")
                                + " first, or canceled.");
    }
}
