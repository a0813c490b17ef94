package dev.hindsight.incident.webhook;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long deliveries are kept as they came. */
@ConfigMapping(prefix = "hindsight.deliveries")
public interface DeliveriesConfig {

    /** After so long the headers and the body of a delivery are forgotten; 0: never. What is PARKED is kept until it is settled. */
    @WithDefault("90d")
    Duration keepContent();

    /** How often an instance looks for what is to be forgotten. */
    @WithDefault("15m")
    Duration lookEvery();
}
