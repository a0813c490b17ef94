package dev.hindsight.postmortem.domain;

import dev.hindsight.contract.ActionItemDetails.Category;
import dev.hindsight.contract.ActionItemDetails.Type;
import dev.hindsight.contract.PostmortemSection;
import dev.hindsight.postmortem.domain.Surroundings.FollowUp;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What would make a postmortem better and forbids nothing: 1 to 3 action items, balanced (seed 000, "A simple taxonomy
 * that prevents busywork fixes"), both mitigative and preventative; something that went well; 2 to 5 contributing factors (seed 004).
 */
public final class AdvicePolicy {

    private AdvicePolicy() {}

    /** One piece of advice. */
    public record Warning(String code, String message) {}

    /** Everything that could be better. */
    public static List<Warning> warnings(Document document, Surroundings surroundings) {
        List<Warning> warnings = new ArrayList<>();
        if (document.owner() == null) {
            warnings.add(new Warning("OWNER_MISSING", "Nobody owns it; one person should drive it."));
        }
        if (!document.says(PostmortemSection.WENT_WELL)) {
            warnings.add(new Warning(
                    "WENT_WELL_EMPTY",
                    "Nothing is said to have gone well; what worked is worth keeping, and knowing."));
        }
        int factors = document.factors().size();
        if (factors == 1 || factors > 5) {
            warnings.add(new Warning(
                    "FACTOR_COUNT",
                    factors == 1
                            ? "One contributing factor alone is a single-cause story; most incidents have two to five."
                            : factors + " contributing factors; group them to two to five."));
        }
        List<FollowUp> items =
                surroundings.items().stream().filter(FollowUp::counts).toList();
        if (items.isEmpty()) {
            warnings.add(new Warning("NO_ACTION_ITEM", "Nothing will change; one to three action items are advised."));
        } else if (items.size() > 3) {
            warnings.add(new Warning(
                    "MANY_ACTION_ITEMS", items.size() + " action items; one to three get done, more tend to rot."));
        }
        Set<Category> categories = EnumSet.noneOf(Category.class);
        items.forEach(item -> {
            if (item.category() != null) {
                categories.add(item.category());
            }
        });
        if (categories.equals(Set.of(Category.COMMUNICATION))) {
            warnings.add(new Warning(
                    "ONLY_COMMUNICATION", "Only communication is improved: the system will fail the same way again."));
        }
        if (categories.equals(Set.of(Category.GUARDRAIL))) {
            warnings.add(new Warning(
                    "ONLY_GUARDRAILS", "Only guardrails are added: the response to the next failure stays as it was."));
        }
        Set<Type> types = EnumSet.noneOf(Type.class);
        items.forEach(item -> {
            if (item.type() != null) {
                types.add(item.type());
            }
        });
        if (types.equals(Set.of(Type.MITIGATIVE))) {
            warnings.add(new Warning(
                    "ONLY_MITIGATIVE",
                    "Only this gap is closed: the class of failure stays; add something preventative."));
        }
        if (types.equals(Set.of(Type.PREVENTATIVE))) {
            warnings.add(
                    new Warning(
                            "ONLY_PREVENTATIVE",
                            "Only the class of failure is addressed: this gap stays open until then; add something mitigative."));
        }
        return warnings;
    }
}
