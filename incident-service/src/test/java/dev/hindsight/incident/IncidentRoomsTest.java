package dev.hindsight.incident;

import dev.hindsight.conventions.testing.RoomsRules;

class IncidentRoomsTest extends RoomsRules {

    IncidentRoomsTest() {
        super("dev.hindsight.incident", "org.pcollections");
    }
}
