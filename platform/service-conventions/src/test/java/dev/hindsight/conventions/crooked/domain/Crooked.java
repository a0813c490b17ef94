package dev.hindsight.conventions.crooked.domain;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.conventions.crooked.view.CrookedView;
import java.time.Instant;
import java.util.UUID;

/** A domain with a clock, with dice, with a framework, and with a view. */
public class Crooked {
    public final Instant now = Instant.now();
    public final UUID id = UUID.randomUUID();
    public final ObjectMapper mapper = new ObjectMapper();
    public CrookedView view = new CrookedView();
}
