package dev.hindsight.postmortem.view;

import dev.hindsight.postmortem.domain.Surroundings;
import java.util.List;
import java.util.Set;

/**
 * A postmortem with all that is shown around it.
 *
 * @param items the incident's action items, in the order in which they were proposed
 * @param people names of everybody who is mentioned
 * @param hidden references of other incidents that the reader must not know of
 */
public record PostmortemReading(
        PostmortemContent content,
        IncidentView incident,
        List<ActionItemView> items,
        People people,
        Set<String> hidden) {

    public PostmortemReading {
        items = List.copyOf(items);
    }

    /** The same surroundings with what has just been written. */
    public PostmortemReading with(PostmortemContent news) {
        return new PostmortemReading(news, incident, items, people, hidden);
    }

    PostmortemReading without(Set<String> references) {
        return new PostmortemReading(content, incident, items, people, references);
    }

    /** What the gate looks at beside the document. */
    public Surroundings surroundings() {
        return new Surroundings(
                incident.impact(),
                incident.overSince(),
                items.stream().map(ActionItemView::followUp).toList());
    }
}
