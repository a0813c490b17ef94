package dev.hindsight.metrics;

import dev.hindsight.conventions.testing.RoomsRules;

class MetricsRoomsTest extends RoomsRules {

    MetricsRoomsTest() {
        super("dev.hindsight.metrics");
    }
}
