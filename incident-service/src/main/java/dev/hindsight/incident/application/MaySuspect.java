package dev.hindsight.incident.application;

import java.util.Set;
import java.util.UUID;

/**
 * Told in this process, after the commit: deploys or incidents have changed in what decides whether one is suspected of the
 * other. A hint that is lost with the process; who listens looks by itself, too.
 */
public record MaySuspect(Set<UUID> deploys, Set<UUID> incidents) {

    static MaySuspect deploys(Set<UUID> ids) {
        return new MaySuspect(Set.copyOf(ids), Set.of());
    }

    static MaySuspect incidents(Set<UUID> ids) {
        return new MaySuspect(Set.of(), Set.copyOf(ids));
    }
}
