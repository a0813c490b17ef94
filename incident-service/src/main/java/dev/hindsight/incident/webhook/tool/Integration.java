package dev.hindsight.incident.webhook.tool;

import dev.hindsight.contract.Severity;
import dev.hindsight.incident.domain.UsualSeverities;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How one tool is connected, as its adapter needs it.
 *
 * @param secrets those that are valid now: during a rotation two
 * @param severityMapping the tool's word in lower case to a severity; before the tool's defaults
 * @param autoDeclare whether an alert that belongs to no open incident declares one
 * @param groupingWindow how long after its declaration an open incident still takes alerts of its services
 * @param mapping how a tool without a door of its own is read; null where it sends CloudEvents, and for all others
 */
public record Integration(
        UUID id,
        Provider provider,
        List<String> secrets,
        @Nullable String defaultService,
        Severity defaultSeverity,
        Map<String, Severity> severityMapping,
        boolean autoDeclare,
        Duration groupingWindow,
        @Nullable GenericMapping mapping) {

    public Integration {
        secrets = List.copyOf(secrets);
        severityMapping = Map.copyOf(severityMapping);
    }

    /** One of a tool that has a door of its own. */
    public Integration(
            UUID id,
            Provider provider,
            List<String> secrets,
            @Nullable String defaultService,
            Severity defaultSeverity,
            Map<String, Severity> severityMapping,
            boolean autoDeclare,
            Duration groupingWindow) {
        this(
                id,
                provider,
                secrets,
                defaultService,
                defaultSeverity,
                severityMapping,
                autoDeclare,
                groupingWindow,
                null);
    }

    /** The same, read in another way. */
    public Integration with(@Nullable GenericMapping other) {
        return new Integration(
                id,
                provider,
                secrets,
                defaultService,
                defaultSeverity,
                severityMapping,
                autoDeclare,
                groupingWindow,
                other);
    }

    /** The severity that a tool's word means: as mapped, else as usual; null where neither knows the word. */
    public @Nullable Severity severity(@Nullable String word) {
        return severity(word, Map.of());
    }

    /**
     * The same, for tools whose own words do not mean what they usually do.
     *
     * @param ofTheTool the tool's words in lower case
     */
    public @Nullable Severity severity(@Nullable String word, Map<String, Severity> ofTheTool) {
        if (word == null || word.isBlank()) {
            return null;
        }
        String key = word.strip().toLowerCase(Locale.ROOT);
        Severity mapped = severityMapping.get(key);
        if (mapped == null) {
            mapped = ofTheTool.get(key);
        }
        return mapped != null ? mapped : UsualSeverities.of(key);
    }
}
