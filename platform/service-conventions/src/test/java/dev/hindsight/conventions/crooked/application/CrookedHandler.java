package dev.hindsight.conventions.crooked.application;

import dev.hindsight.conventions.crooked.api.CrookedResource;
import dev.hindsight.conventions.crooked.domain.Crooked;

/** An application that knows its door. */
public class CrookedHandler {
    public CrookedResource resource = new CrookedResource();

    public Crooked crooked() {
        return new Crooked();
    }
}
