package dev.hindsight.incident.domain;

import dev.hindsight.contract.Impact;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * What was told of the impact, sorted by when it was so, and what it adds up to: each number as the last fact that named it
 * says, in whatever order they arrived.
 */
public record ImpactFacts(PVector<Latest<Impact>> facts, Impact total) {

    public static final ImpactFacts NONE = new ImpactFacts(TreePVector.empty(), Impact.NONE);

    /** These and one more; mostly it happened last. */
    ImpactFacts with(Latest<Impact> news) {
        int place = facts.size();
        while (place > 0 && news.isBefore(facts.get(place - 1))) {
            place--;
        }
        PVector<Latest<Impact>> more = facts.plus(place, news);
        Impact sum = place == facts.size()
                ? total.updatedBy(news.value())
                : more.stream().map(Latest::value).reduce(Impact.NONE, Impact::updatedBy);
        return new ImpactFacts(more, sum);
    }
}
