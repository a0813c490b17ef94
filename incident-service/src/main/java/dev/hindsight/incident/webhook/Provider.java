package dev.hindsight.incident.webhook;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The tools whose webhooks are understood; the name in URLs and JSON is the lower-case one. */
public enum Provider {
    PAGERDUTY,
    ALERTMANAGER;

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<Provider> named(String wireName) {
        return Arrays.stream(values())
                .filter(provider -> provider.wireName().equals(wireName))
                .findFirst();
    }

    @JsonCreator
    static Provider fromWire(String wireName) {
        return named(wireName)
                .orElseThrow(() -> new IllegalArgumentException("provider must be one of "
                        + Arrays.stream(values()).map(Provider::wireName).collect(Collectors.joining(", "))));
    }
}
