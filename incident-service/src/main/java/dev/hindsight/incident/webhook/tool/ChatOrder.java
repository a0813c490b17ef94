package dev.hindsight.incident.webhook.tool;

import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Visibility;
import dev.hindsight.incident.domain.ChatChannel;
import dev.hindsight.incident.domain.IncidentCommand;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What somebody asks for in a chat.
 *
 * @param channel where
 * @param person who
 * @param reference of the incident that is meant, such as INC-42; null for that of the channel
 */
public record ChatOrder(
        ChatChannel channel, UUID person, @Nullable String reference, Wish wish) {

    /** What is wanted. */
    public sealed interface Wish {

        /** A new incident, and that this channel belongs to it. */
        record Declare(String title, Severity severity, List<String> services) implements Wish {}

        /** That this channel belongs to the incident of that reference. */
        record Link() implements Wish {}

        record Acknowledge() implements Wish {}

        record Assign(String role, UUID person) implements Wish {}

        record ChangeSeverity(Severity severity, @Nullable String reason) implements Wish {}

        record Escalate(@Nullable UUID to, @Nullable String text) implements Wish {}

        record Mitigate(@Nullable String text) implements Wish {}

        record Resolve(@Nullable String text) implements Wish {}

        record Note(String text) implements Wish {}

        record Pin(String text) implements Wish {}

        record UpdateStatus(String text) implements Wish {}

        /** To be told how it stands. */
        record Ask() implements Wish {}

        /** To be told what can be asked for. @param because what was not understood; null where help was asked for */
        record Help(@Nullable String because) implements Wish {}
    }

    /** Whether it asks for a new incident. */
    public boolean declares() {
        return wish instanceof Wish.Declare;
    }

    /**
     * The commands that fulfil it; none where nothing is to change.
     *
     * @param newReference the readable name, in case the incident is new
     */
    public List<IncidentCommand> commands(String newReference, Instant at) {
        return switch (wish) {
            case Wish.Declare w ->
                List.of(
                        new IncidentCommand.Declare(
                                newReference,
                                w.title(),
                                w.severity(),
                                w.services(),
                                null,
                                false,
                                false,
                                IncidentKind.REAL,
                                Visibility.INTERNAL,
                                Set.of(),
                                null,
                                null,
                                null,
                                at),
                        new IncidentCommand.LinkChannel(channel, at));
            case Wish.Link w -> List.of(new IncidentCommand.LinkChannel(channel, at));
            case Wish.Acknowledge w -> List.of(new IncidentCommand.Acknowledge(at));
            case Wish.Assign w -> List.of(new IncidentCommand.AssignRole(w.role(), w.person(), at));
            case Wish.ChangeSeverity w -> List.of(new IncidentCommand.ChangeSeverity(w.severity(), w.reason(), at));
            case Wish.Escalate w -> List.of(new IncidentCommand.Escalate(w.to(), w.text(), at));
            case Wish.Mitigate w -> List.of(new IncidentCommand.Mitigate(w.text(), at));
            case Wish.Resolve w -> List.of(new IncidentCommand.Resolve(w.text(), at));
            case Wish.Note w -> List.of(new IncidentCommand.PostMessage(w.text(), name(), at));
            case Wish.Pin w -> List.of(new IncidentCommand.RecordDecision(w.text(), at));
            case Wish.UpdateStatus w -> List.of(new IncidentCommand.UpdateStatus(w.text(), at));
            case Wish.Ask w -> List.of();
            case Wish.Help w -> List.of();
        };
    }

    private @Nullable String name() {
        return channel.name() == null ? null : "#" + channel.name();
    }
}
