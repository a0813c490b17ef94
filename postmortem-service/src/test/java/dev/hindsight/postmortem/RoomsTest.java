package dev.hindsight.postmortem;

import dev.hindsight.conventions.testing.RoomsRules;

class RoomsTest extends RoomsRules {
    RoomsTest() {
        super("dev.hindsight.postmortem");
    }
}
