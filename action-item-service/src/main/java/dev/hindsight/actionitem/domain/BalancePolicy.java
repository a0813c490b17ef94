package dev.hindsight.actionitem.domain;

import dev.hindsight.contract.ActionItemDetails;
import dev.hindsight.contract.ActionItemDetails.Category;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether the items of one postmortem together make sense: "choose 1 to 3"; "if a postmortem produces only Communication
 * items, the system will fail again; if it produces only Guardrail items, response will still be chaotic" (seed 000).
 * Advice, never an error. Canceled items do not count.
 */
public final class BalancePolicy {

    /** More items than these get half-done. */
    static final int MOST = 3;

    private BalancePolicy() {}

    /** What counts of an item that is not canceled. */
    public record Weighed(@Nullable Category category, ActionItemDetails.@Nullable Type type) {}

    /**
     * Something to think about, that stands against nothing.
     *
     * @param code stable, such as {@code TOO_MANY_ITEMS}
     */
    public record Warning(String code, String message) {}

    /**
     * The items of a postmortem by what they are; those that do not say are left out of the two maps.
     *
     * @param total without canceled ones
     */
    public record Balance(
            int total,
            Map<Category, Integer> byCategory,
            Map<ActionItemDetails.Type, Integer> byType,
            List<Warning> warnings) {}

    public static Balance judge(List<Weighed> items) {
        Map<Category, Integer> byCategory = new EnumMap<>(Category.class);
        Map<ActionItemDetails.Type, Integer> byType = new EnumMap<>(ActionItemDetails.Type.class);
        for (Category category : Category.values()) {
            byCategory.put(category, 0);
        }
        for (ActionItemDetails.Type type : ActionItemDetails.Type.values()) {
            byType.put(type, 0);
        }
        for (Weighed item : items) {
            if (item.category() != null) {
                byCategory.merge(item.category(), 1, Integer::sum);
            }
            if (item.type() != null) {
                byType.merge(item.type(), 1, Integer::sum);
            }
        }
        return new Balance(items.size(), byCategory, byType, warnings(items));
    }

    private static List<Warning> warnings(List<Weighed> items) {
        List<Warning> warnings = new ArrayList<>();
        if (items.isEmpty()) {
            warnings.add(new Warning(
                    "NO_ITEMS",
                    "The postmortem has no action item; 1 to 3 are advised, or nothing will have changed."));
        }
        if (items.size() > MOST) {
            warnings.add(new Warning(
                    "TOO_MANY_ITEMS",
                    "The postmortem has %d action items; 1 to %d that reduce likelihood or blast radius get done."
                            .formatted(items.size(), MOST)));
        }
        Set<Category> categories =
                items.stream().map(Weighed::category).filter(Objects::nonNull).collect(Collectors.toSet());
        if (categories.equals(Set.of(Category.COMMUNICATION))) {
            warnings.add(new Warning(
                    "ONLY_COMMUNICATION",
                    "All items are COMMUNICATION: the system itself stays as it was and will fail again."));
        }
        if (categories.equals(Set.of(Category.GUARDRAIL))) {
            warnings.add(
                    new Warning(
                            "ONLY_GUARDRAIL",
                            "All items are GUARDRAIL: the next failure that passes them will be met as chaotically as this one."));
        }
        return List.copyOf(warnings);
    }
}
