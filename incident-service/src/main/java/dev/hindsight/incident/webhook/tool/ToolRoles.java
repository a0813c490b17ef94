package dev.hindsight.incident.webhook.tool;

import java.util.Locale;
import java.util.Map;

/** What tools call the roles that Hindsight knows; any other name stays as the tool has it. */
final class ToolRoles {

    private static final Map<String, String> KNOWN = Map.ofEntries(
            Map.entry("commander", "INCIDENT_COMMANDER"),
            Map.entry("incident commander", "INCIDENT_COMMANDER"),
            Map.entry("incident manager", "INCIDENT_COMMANDER"),
            Map.entry("communication", "COMMUNICATIONS"),
            Map.entry("communications", "COMMUNICATIONS"),
            Map.entry("communications lead", "COMMUNICATIONS"),
            Map.entry("communications liaison", "COMMUNICATIONS"),
            Map.entry("customer liaison", "COMMUNICATIONS"),
            Map.entry("operations", "OPERATIONS"),
            Map.entry("operations lead", "OPERATIONS"),
            Map.entry("ops lead", "OPERATIONS"),
            Map.entry("scribe", "SCRIBE"));

    private ToolRoles() {}

    static boolean isKnown(String name) {
        return KNOWN.containsKey(name.toLowerCase(Locale.ROOT));
    }

    static String named(String name) {
        return KNOWN.getOrDefault(name.toLowerCase(Locale.ROOT), name);
    }
}
