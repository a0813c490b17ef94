package dev.hindsight.incident.automation;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Which deploys are suspected of incidents. */
@ConfigMapping(prefix = "hindsight.deploys")
public interface DeploysConfig {

    /** How long after its end a deploy of production is still suspected of an incident that begins on its service. */
    @WithDefault("PT1H")
    Duration suspectWindow();

    /** How often an instance looks by itself for what nobody told it: what another one took before it was ended. */
    @WithDefault("PT5M")
    Duration lookEvery();
}
