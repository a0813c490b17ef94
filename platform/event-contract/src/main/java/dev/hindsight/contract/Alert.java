package dev.hindsight.contract;

import org.jspecify.annotations.Nullable;

/**
 * One occurrence of an alert.
 *
 * @param key identity of the occurrence: integration, fingerprint and start; the same over repeats and replicas
 * @param fingerprint identity of what is watched, the same over occurrences
 * @param name the rule that fired
 * @param summary what it says to people
 * @param url where the monitor shows it
 */
public record Alert(
        String key,
        String fingerprint,
        String name,
        @Nullable String summary,
        @Nullable String url) {}
