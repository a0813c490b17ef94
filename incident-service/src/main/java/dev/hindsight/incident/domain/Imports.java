package dev.hindsight.incident.domain;

import java.util.Collection;

/** How incidents are marked that were imported from another system's past. */
public final class Imports {

    /** Of what such an incident is known by. */
    public static final String PREFIX = "import|";

    private Imports() {}

    /** What the incident is known by, beside the ids of tools. */
    public static String externalId(String source, String externalId) {
        return PREFIX + source + '|' + externalId;
    }

    /** Whether one of an incident's sources says so. */
    public static boolean areAmong(Collection<String> sources) {
        return sources.stream().anyMatch(source -> source.startsWith(PREFIX));
    }
}
