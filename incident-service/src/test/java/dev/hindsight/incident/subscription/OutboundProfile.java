package dev.hindsight.incident.subscription;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.HashMap;
import java.util.Map;

/** Receivers on this machine, and pauses that are short. What takes days is done by setting clocks of the tables back. */
public final class OutboundProfile implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> config = new HashMap<>();
        config.put("hindsight.subscriptions.plain-http", "true");
        config.put("hindsight.subscriptions.allowed-networks", "127.0.0.1/32");
        config.put("hindsight.subscriptions.timeout", "3s");
        config.put("hindsight.subscriptions.pauses", "100ms,200ms,400ms");
        config.put("hindsight.subscriptions.look-every", "100ms");
        config.put("hindsight.subscriptions.overdue-every", "300ms");
        return config;
    }
}
