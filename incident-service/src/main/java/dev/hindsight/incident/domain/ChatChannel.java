package dev.hindsight.incident.domain;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where people talk about an incident.
 *
 * @param tool such as {@code slack}
 * @param integration that listens to it
 * @param id as the tool knows it
 * @param name as people know it
 */
public record ChatChannel(
        String tool, UUID integration, String id, @Nullable String name) {}
