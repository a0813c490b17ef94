package dev.hindsight.incident.webhook.tool;

import dev.hindsight.contract.Observed;
import dev.hindsight.incident.domain.Signal;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a tool's word for what happened can be mapped to. */
public enum MappedSignal {
    IMPACT_STARTED(0),
    DETECTED(1),
    TRIGGERED(0),
    ACKNOWLEDGED(2),
    UNACKNOWLEDGED(2),
    ESCALATED(1),
    MITIGATED(2),
    RESOLVED(3),
    REOPENED(3),
    CANCELED(3),
    STATUS_UPDATED(1),
    /** Goes into the timeline and changes nothing else. */
    NOTED(1),
    /** The delivery is kept and says nothing. */
    IGNORED(1);

    private static final Map<String, MappedSignal> USUAL = Map.ofEntries(
            Map.entry("open", TRIGGERED),
            Map.entry("opened", TRIGGERED),
            Map.entry("created", TRIGGERED),
            Map.entry("declared", TRIGGERED),
            Map.entry("firing", TRIGGERED),
            Map.entry("alerting", TRIGGERED),
            Map.entry("trigger", TRIGGERED),
            Map.entry("started", TRIGGERED),
            Map.entry("ack", ACKNOWLEDGED),
            Map.entry("acknowledge", ACKNOWLEDGED),
            Map.entry("accepted", ACKNOWLEDGED),
            Map.entry("unacknowledge", UNACKNOWLEDGED),
            Map.entry("escalation", ESCALATED),
            Map.entry("resolve", RESOLVED),
            Map.entry("ok", RESOLVED),
            Map.entry("closed", RESOLVED),
            Map.entry("recovered", RESOLVED),
            Map.entry("unresolve", REOPENED),
            Map.entry("cancelled", CANCELED));

    private final int sourceOrder;

    MappedSignal(int sourceOrder) {
        this.sourceOrder = sourceOrder;
    }

    /** Among what happened at one moment. */
    int sourceOrder() {
        return sourceOrder;
    }

    /** Whether a time alone says it, so that it can be a milestone of a mapping. */
    boolean isMilestone() {
        return switch (this) {
            case IMPACT_STARTED, DETECTED, TRIGGERED, ACKNOWLEDGED, MITIGATED, RESOLVED, CANCELED -> true;
            default -> false;
        };
    }

    /** What a word usually means, or its last part where it is a dotted type: {@code com.example.incident.resolved}. */
    static Optional<MappedSignal> meaning(String word) {
        String name = word.strip().toLowerCase(Locale.ROOT);
        return known(name).or(() -> known(name.substring(1 + lastDivider(name))));
    }

    private static Optional<MappedSignal> known(String name) {
        MappedSignal usual = USUAL.get(name);
        if (usual != null) {
            return Optional.of(usual);
        }
        for (MappedSignal each : values()) {
            if (each.name()
                    .equals(name.toUpperCase(Locale.ROOT).replace('-', '_').replace(' ', '_'))) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    private static int lastDivider(String name) {
        int last = -1;
        for (int i = 0; i < name.length(); i++) {
            if (".-_/: ".indexOf(name.charAt(i)) >= 0) {
                last = i;
            }
        }
        return last;
    }

    /** In the words that all tools share. */
    Signal signal(String word, @Nullable String text, Observed seen) {
        return switch (this) {
            case IMPACT_STARTED -> new Signal.ImpactStarted(seen);
            case DETECTED -> new Signal.Detected(seen);
            case TRIGGERED -> new Signal.Triggered(seen);
            case ACKNOWLEDGED -> new Signal.Acknowledged(seen);
            case UNACKNOWLEDGED -> new Signal.Unacknowledged(seen);
            case ESCALATED -> new Signal.Escalated(null, text, seen);
            case MITIGATED -> new Signal.Mitigated(text, seen);
            case RESOLVED -> new Signal.Resolved(text, seen);
            case REOPENED -> new Signal.Reopened(text, seen);
            case CANCELED -> new Signal.Canceled(text, seen);
            case STATUS_UPDATED -> new Signal.StatusUpdated(text == null ? word : text, seen);
            case NOTED, IGNORED -> new Signal.Noted(word, text == null ? word : text, seen.url(), seen);
        };
    }
}
