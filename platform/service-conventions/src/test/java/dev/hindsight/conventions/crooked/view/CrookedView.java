package dev.hindsight.conventions.crooked.view;

import dev.hindsight.conventions.crooked.application.CrookedHandler;

/** A view that gives commands. */
public class CrookedView {
    public CrookedHandler handler = new CrookedHandler();
}
