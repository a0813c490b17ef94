package dev.hindsight.incident.webhook.tool;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.contract.refusal.Invalid.Violation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How the JSON of a tool without a door of its own is read: JMESPath expressions (jmespath.org) over the body, or over a
 * CloudEvent in its structured form, attributes beside {@code data}. JMESPath has alternatives ({@code a || b}), literals and
 * functions, and nothing that runs code or never ends. What an expression does not find is not said.
 *
 * @param each expression of a list, of which each element is read by itself; null where the body is one message
 * @param externalId how the tool knows the incident; what has none says nothing about an incident
 * @param signal the tool's word for what happened; null where every delivery triggers
 * @param signals that word in lower case, to what it means; words that are not there mean what they usually do, and one that means
 *     nothing usually is noted of an incident that there is, and declares none
 * @param deliveryId identity of the message, where it has one; a CloudEvent has its source and id; else it is {@code webhook-id}, else
 *     the same body is the same delivery
 * @param occurredAt when it happened; where it is not said, when it came
 * @param milestones times that every message of an incident repeats: each is a fact of its own
 */
@Schema(
        name = "GenericMapping",
        description = "JMESPath expressions over the body, or over a CloudEvent in its structured form.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GenericMapping(
        @Nullable @Schema(description = "A list, of which each element is a message.", examples = "alerts")
        String each,

        @Schema(description = "How the tool knows the incident.", examples = "alert_group_id", required = true)
        String externalId,

        @Nullable
        @Schema(
                description = "The tool's word for what happened; every delivery triggers where absent.",
                examples = "event.type")
        String signal,

        @Nullable
        @Schema(description = "That word to what it means; triggered, firing, resolved, ok and the like are known.")
        Map<String, MappedSignal> signals,

        @Nullable @Schema(description = "Identity of the message.", examples = "event.id")
        String deliveryId,

        @Nullable
        @Schema(
                description = "When it happened: RFC 3339, or seconds or milliseconds since 1970.",
                examples = "event.time")
        String occurredAt,

        @Nullable @Schema(examples = "alert.title || alert.name")
        String title,

        @Nullable String text,
        @Nullable String severity,

        @Nullable @Schema(description = "A name or a list of names.", examples = "labels.service")
        String services,

        @Nullable String url,

        @Nullable @Schema(description = "Times that every message of an incident repeats, by what happened then.")
        Map<MappedSignal, String> milestones) {

    /** For CloudEvents of an integration without a mapping. */
    static final GenericMapping OF_CLOUD_EVENTS = new GenericMapping(
            null,
            "data.incidentId || subject",
            "data.signal || data.status || type",
            null,
            null,
            "time",
            "data.title || data.summary || data.name",
            "data.text || data.message || data.description",
            "data.severity || data.priority",
            "data.services || data.service",
            "data.url || data.link",
            null);

    public GenericMapping {
        signals = signals == null ? null : lowerCase(signals);
        milestones = milestones == null ? null : Map.copyOf(milestones);
    }

    private static Map<String, MappedSignal> lowerCase(Map<String, MappedSignal> signals) {
        Map<String, MappedSignal> lower = new LinkedHashMap<>();
        signals.forEach((word, signal) -> lower.put(word.strip().toLowerCase(Locale.ROOT), signal));
        return Map.copyOf(lower);
    }

    /**
     * Checks it before it is kept.
     *
     * @param field where it stands in the request
     * @throws Invalid naming each expression that cannot be read
     */
    public void check(String field) {
        List<Violation> violations = new ArrayList<>();
        if (externalId == null || externalId.isBlank()) {
            violations.add(new Violation(
                    field + ".externalId", "REQUIRED", "externalId must say how the tool knows the incident."));
        }
        Map<String, @Nullable String> expressions = new LinkedHashMap<>();
        expressions.put("each", each);
        expressions.put("externalId", externalId);
        expressions.put("signal", signal);
        expressions.put("deliveryId", deliveryId);
        expressions.put("occurredAt", occurredAt);
        expressions.put("title", title);
        expressions.put("text", text);
        expressions.put("severity", severity);
        expressions.put("services", services);
        expressions.put("url", url);
        if (milestones != null) {
            milestones.forEach((signal, expression) -> {
                if (!signal.isMilestone()) {
                    violations.add(new Violation(
                            field + ".milestones." + signal, "NO_MILESTONE", signal + " is not told by a time alone."));
                }
                expressions.put("milestones." + signal, expression);
            });
        }
        expressions.forEach((name, expression) -> {
            if (expression != null && !expression.isBlank()) {
                String wrong = Expressions.wrong(expression);
                if (wrong != null) {
                    violations.add(new Violation(field + '.' + name, "NO_JMESPATH", wrong));
                }
            }
        });
        if (!violations.isEmpty()) {
            throw new Invalid(violations);
        }
    }

    /** What an expression finds; missing where there is none, or it cannot be applied to what came. */
    static JsonNode find(@Nullable String expression, JsonNode message) {
        return Expressions.find(expression, message);
    }

    /** What a word of the tool means; empty where nobody knows. */
    Optional<MappedSignal> meaning(@Nullable String word) {
        if (word == null) {
            return signal == null ? Optional.of(MappedSignal.TRIGGERED) : Optional.empty();
        }
        MappedSignal mapped = signals == null ? null : signals.get(word.strip().toLowerCase(Locale.ROOT));
        return mapped != null
                ? Optional.of(mapped)
                : MappedSignal.meaning(word).filter(usual -> usual != MappedSignal.NOTED);
    }
}
