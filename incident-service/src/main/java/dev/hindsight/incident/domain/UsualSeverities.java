package dev.hindsight.incident.domain;

import dev.hindsight.contract.Severity;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What other systems' words for a severity mean where nobody says otherwise. */
public final class UsualSeverities {

    private static final Map<String, Severity> USUAL = Map.ofEntries(
            Map.entry("p0", Severity.SEV0),
            Map.entry("p1", Severity.SEV1),
            Map.entry("p2", Severity.SEV2),
            Map.entry("p3", Severity.SEV3),
            Map.entry("p4", Severity.SEV4),
            Map.entry("p5", Severity.SEV4),
            Map.entry("sev0", Severity.SEV0),
            Map.entry("sev1", Severity.SEV1),
            Map.entry("sev2", Severity.SEV2),
            Map.entry("sev3", Severity.SEV3),
            Map.entry("sev4", Severity.SEV4),
            Map.entry("sev5", Severity.SEV4),
            Map.entry("critical", Severity.SEV2),
            Map.entry("page", Severity.SEV2),
            Map.entry("error", Severity.SEV3),
            Map.entry("warning", Severity.SEV3),
            Map.entry("info", Severity.SEV4));

    private UsualSeverities() {}

    /** Null for a word that has no usual meaning. */
    public static @Nullable Severity of(String word) {
        return USUAL.get(word.strip().toLowerCase(Locale.ROOT).replace("-", "").replace(" ", ""));
    }
}
