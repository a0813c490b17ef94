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
 * @param actor the person who did what it is about; null for the tool itself. What else it says may be somebody else's doing
 * @param facts what it says; empty where it says nothing about an incident, then {@code because} says why
 * @param deploys what it says about deploys
 * @param order what somebody asks for in a chat; null where nobody does
 * @param learned people, services and teams that it mentions
 * @param reply null where the usual receipt will do
 * @param talk whether people said it to each other: nothing is kept of it unless it belongs to an incident
 */
public record Translation(
        String deliveryKey,
        @Nullable String eventType,
        @Nullable UUID actor,
        List<ToolFact> facts,
        List<DeployReport> deploys,
        @Nullable ChatOrder order,
        @Nullable String because,
        Learned learned,
        @Nullable ToolReply reply,
        boolean talk) {

    public Translation {
        facts = List.copyOf(facts);
        deploys = List.copyOf(deploys);
    }

    /** It says something. */
    public static Translation of(
            String deliveryKey,
            @Nullable String eventType,
            @Nullable UUID actor,
            List<? extends ToolFact> facts,
            Learned learned) {
        return new Translation(
                deliveryKey, eventType, actor, List.copyOf(facts), List.of(), null, null, learned, null, false);
    }

    /** It says something about deploys. */
    public static Translation ofDeploys(
            String deliveryKey,
            @Nullable String eventType,
            @Nullable UUID actor,
            List<DeployReport> deploys,
            Learned learned) {
        return new Translation(deliveryKey, eventType, actor, List.of(), deploys, null, null, learned, null, false);
    }

    /** It asks for something, by somebody who waits for the answer. */
    public static Translation ofOrder(String deliveryKey, String eventType, ChatOrder order, Learned learned) {
        return new Translation(
                deliveryKey, eventType, order.person(), List.of(), List.of(), order, null, learned, null, false);
    }

    /** It says nothing about an incident, though perhaps something about services and people. */
    public static Translation nothing(String deliveryKey, @Nullable String eventType, String because, Learned learned) {
        return new Translation(deliveryKey, eventType, null, List.of(), List.of(), null, because, learned, null, false);
    }

    public static Translation nothing(String deliveryKey, @Nullable String eventType, String because) {
        return nothing(deliveryKey, eventType, because, new Learned());
    }

    /** The same, answered in the tool's own way. */
    public Translation answered(ToolReply inItsWords) {
        return new Translation(
                deliveryKey, eventType, actor, facts, deploys, order, because, learned, inItsWords, talk);
    }

    /** The same, said by people to each other. */
    public Translation asTalk() {
        return new Translation(deliveryKey, eventType, actor, facts, deploys, order, because, learned, reply, true);
    }
}
