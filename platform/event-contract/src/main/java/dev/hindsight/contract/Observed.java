package dev.hindsight.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a tool said about its incident when it sent a signal. Signals arrive in any order, so each carries what it saw,
 * and the one that happened last counts.
 *
 * @param title null where the signal did not say
 * @param severity null where the signal did not say
 * @param services names; empty where the signal did not say
 * @param status null where the signal did not say; the tool's status field counts, not the name of its event
 * @param url the tool's own page of the incident
 */
public record Observed(
        @Nullable String title,
        @Nullable Severity severity,
        List<String> services,
        @Nullable IncidentStatus status,
        @Nullable String url) {

    public Observed {
        services = List.copyOf(services);
    }
}
