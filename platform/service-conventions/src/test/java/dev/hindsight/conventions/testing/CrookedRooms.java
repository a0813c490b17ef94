package dev.hindsight.conventions.testing;

import com.tngtech.archunit.core.importer.ClassFileImporter;

/** The rules, of rooms that break each of them; run by {@link RoomsRulesTest} only. */
class CrookedRooms extends RoomsRules {

    private static final String ROOT = "dev.hindsight.conventions.crooked";

    CrookedRooms() {
        super(ROOT, new ClassFileImporter().importPackages(ROOT));
    }
}
