package dev.hindsight.metrics.domain;

import org.jspecify.annotations.Nullable;

/**
 * What a value means.
 *
 * @param name stable and machine-readable
 * @param from first value of the band; null: no bound
 * @param below first value above the band; null: no bound
 * @param meaning one sentence, with its source
 */
public record HealthBand(
        String name, @Nullable Double from, @Nullable Double below, String meaning) {

    public boolean holds(double value) {
        return (from == null || value >= from) && (below == null || value < below);
    }
}
