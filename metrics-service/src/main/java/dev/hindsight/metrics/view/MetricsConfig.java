package dev.hindsight.metrics.view;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of the metrics service. */
@ConfigMapping(prefix = "hindsight.metrics")
public interface MetricsConfig {

    /** How old the gauges at /q/metrics may become while nothing is consumed; after consumed events it is a second. */
    @WithDefault("15s")
    Duration gaugesEvery();
}
