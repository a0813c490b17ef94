package dev.hindsight.eventstore;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.NameBasedGenerator;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Ids of streams and events: UUIDv7 for what happens once, UUIDv5 (RFC 9562) wherever a redelivery must be a no-op.
 * Changing a name here changes the identity of what is stored.
 */
public final class StreamIds {

    private static final UUID NAMESPACE = UUID.fromString("6f1c2f5e-6a53-5d0e-9d0c-8d6f4f0a7b11");
    private static final TimeBasedEpochGenerator TIME_ORDERED = Generators.timeBasedEpochGenerator();

    private StreamIds() {}

    /** A new id, ordered by time. */
    public static UUID next() {
        return TIME_ORDERED.generate();
    }

    /** The incident that a tool knows as {@code externalId}. */
    public static UUID incident(UUID integrationId, String externalId) {
        return named(integrationId, externalId);
    }

    /** The incident that another system knew as {@code externalId}, as its past was imported; {@code source} has no bar. */
    public static UUID imported(String source, String externalId) {
        return named(NAMESPACE, "import|" + source + "|" + externalId);
    }

    /** The delivery that a tool identifies as {@code deliveryKey}. */
    public static UUID delivery(UUID integrationId, String deliveryKey) {
        return named(integrationId, "delivery|" + deliveryKey);
    }

    /** The person that a tool knows as {@code key}; the same whichever integration of the tool speaks. */
    public static UUID person(String tool, String key) {
        return named(NAMESPACE, "person|" + tool + "|" + key);
    }

    /** The service of that name. */
    public static UUID service(String name) {
        return named(NAMESPACE, "service|" + name.strip().toLowerCase(Locale.ROOT));
    }

    /** The team of that name. */
    public static UUID team(String name) {
        return named(NAMESPACE, "team|" + name.strip().toLowerCase(Locale.ROOT));
    }

    /** The calendar of a team; null: of the house. */
    public static UUID calendar(@Nullable UUID team) {
        return named(NAMESPACE, "calendar|" + (team == null ? "" : team));
    }

    /** The policy of that name; one of each. */
    public static UUID policy(String name) {
        return named(NAMESPACE, "policy|" + name);
    }

    /** The postmortem of an incident. */
    public static UUID postmortem(UUID incidentId) {
        return named(incidentId, "postmortem");
    }

    /** An id that follows from a parent's and a name. */
    public static UUID named(UUID parent, String name) {
        // The generator keeps a MessageDigest: one per call, as it is not safe for threads.
        NameBasedGenerator generator = Generators.nameBasedGenerator(parent);
        return generator.generate(name);
    }
}
