package dev.hindsight.incident.domain;

import java.time.Instant;
import java.util.UUID;

/** How alerts are identified: by what is watched, and by one occurrence of it. */
public final class Alerts {

    /** External ids of incidents that an alert declared begin with this. */
    public static final String PREFIX = "alert|";

    private Alerts() {}

    /**
     * Identity of one occurrence. A fingerprint alone is too coarse: it is the same for every later firing of the same
     * labels.
     */
    public static String occurrence(UUID integrationId, String fingerprint, Instant startsAt) {
        return PREFIX + integrationId + '|' + fingerprint + '|' + startsAt;
    }
}
