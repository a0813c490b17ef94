package dev.hindsight.incident.webhook.tool;

import dev.hindsight.incident.application.Learned;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A delivery, translated.
 *
 * @param deliveryKey identity of the delivery: the same when it is sent again
 * @param eventType the tool's own name of what happened
 * @param actor the person who did it; null for the tool itself
 * @param facts what it says; empty where it says nothing about an incident, then {@code because} says why
 * @param learned people, services and teams that it mentions
 * @param reply null where the usual receipt will do
 */
public record Translation(
        String deliveryKey,
        @Nullable String eventType,
        @Nullable UUID actor,
        List<ToolFact> facts,
        @Nullable String because,
        Learned learned,
        @Nullable ToolReply reply) {

    public Translation {
        facts = List.copyOf(facts);
    }

    /** It says something. */
    public static Translation of(
            String deliveryKey,
            @Nullable String eventType,
            @Nullable UUID actor,
            List<? extends ToolFact> facts,
            Learned learned) {
        return new Translation(deliveryKey, eventType, actor, List.copyOf(facts), null, learned, null);
    }

    /** It says nothing about an incident, though perhaps something about services and people. */
    public static Translation nothing(String deliveryKey, @Nullable String eventType, String because, Learned learned) {
        return new Translation(deliveryKey, eventType, null, List.of(), because, learned, null);
    }

    public static Translation nothing(String deliveryKey, @Nullable String eventType, String because) {
        return nothing(deliveryKey, eventType, because, new Learned());
    }

    /** The same, answered in the tool's own way. */
    public Translation answered(ToolReply inItsWords) {
        return new Translation(deliveryKey, eventType, actor, facts, because, learned, inItsWords);
    }
}
