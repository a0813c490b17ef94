package dev.hindsight.actionitem;

import dev.hindsight.conventions.testing.RoomsRules;

class RoomsTest extends RoomsRules {

    RoomsTest() {
        super("dev.hindsight.actionitem");
    }
}
