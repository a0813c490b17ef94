package dev.hindsight.faults;

import dev.hindsight.local.Service;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What was acknowledged: the promises that {@link Audit} holds the services to. */
final class Ledger {

    private final Queue<Command> commands = new ConcurrentLinkedQueue<>();
    private final Queue<UUID> incidents = new ConcurrentLinkedQueue<>();

    /**
     * A command that was answered 2xx.
     *
     * @param version what it made of the stream, as it was answered
     * @param type wire name of the event that it must have left there
     * @param text that the event must hold, and no other event of the service; empty where the command has none, and is
     *     then the only one of its type on the stream
     */
    record Command(Service service, UUID stream, long version, String type, String text) {}

    void acknowledged(Service service, Doors.Answer answer, String type, String text) {
        String[] position = answer.version().split("@", 2);
        commands.add(new Command(service, UUID.fromString(position[0]), Long.parseLong(position[1]), type, text));
    }

    /** An incident that went all the way to its resolution. */
    void resolved(UUID incident) {
        incidents.add(incident);
    }

    List<Command> commands() {
        return List.copyOf(commands);
    }

    List<UUID> resolvedIncidents() {
        return List.copyOf(incidents);
    }
}
