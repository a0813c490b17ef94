package dev.hindsight.incident.domain;

import dev.hindsight.contract.Severity;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which events a subscription is told of. What is not named is no condition; where services or severities are, only events of
 * incidents (and deploys of such services) can match.
 *
 * @param types wire names, or beginnings of them that end with {@code .*}
 * @param services names, compared as incidents compare them
 * @param severities of the incident at that moment
 * @param includeImported whether it is told of what was imported from another system's past
 * @param since what was recorded before is not told
 */
public record SubscriptionFilter(
        List<String> types, List<String> services, Set<Severity> severities, boolean includeImported, Instant since) {

    private static final String ANY = ".*";

    public SubscriptionFilter {
        types = List.copyOf(types);
        services = services.stream().map(SubscriptionFilter::folded).toList();
        severities = Set.copyOf(severities);
    }

    /**
     * What of an event is judged.
     *
     * @param services of its incident, or of the deploy; empty where it belongs to none
     * @param severity of its incident; null where it belongs to none
     */
    public record Facts(
            String type, List<String> services, @Nullable Severity severity, boolean imported, Instant recordedAt) {}

    /** Whether the subscription is told of it. */
    public boolean matches(Facts facts) {
        return !facts.recordedAt().isBefore(since)
                && (includeImported || !facts.imported())
                && (types.isEmpty() || types.stream().anyMatch(type -> isOf(type, facts.type())))
                && (severities.isEmpty() || facts.severity() != null && severities.contains(facts.severity()))
                && (services.isEmpty()
                        || facts.services().stream()
                                .map(SubscriptionFilter::folded)
                                .anyMatch(services::contains));
    }

    /** Whether a wire name is meant by a name or the beginning of one. */
    public static boolean isOf(String wanted, String type) {
        return wanted.endsWith(ANY) ? type.startsWith(wanted.substring(0, wanted.length() - 1)) : wanted.equals(type);
    }

    private static String folded(String service) {
        return service.strip().toLowerCase(Locale.ROOT);
    }
}
