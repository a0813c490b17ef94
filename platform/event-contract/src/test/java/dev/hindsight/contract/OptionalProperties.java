package dev.hindsight.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which properties of an event may be left out: those of components that JSpecify says can be null. Those of a
 * {@link Standing} and its {@link Milestones} are none of the event's options: which of them are known is where its incident
 * stands.
 */
final class OptionalProperties {

    private static final Set<Class<?>> WHERE_IT_STANDS = Set.of(Standing.class, Milestones.class);

    private OptionalProperties() {}

    static boolean areIn(Class<?> record) {
        return Arrays.stream(record.getRecordComponents())
                .anyMatch(component -> isOptional(component) || component(component.getGenericType()));
    }

    private static boolean component(Type type) {
        Class<?> record = recordIn(type);
        return record != null && areIn(record);
    }

    /** The JSON pointer of every optional property that the record could have there, and whether it is present. */
    static Map<String, Boolean> presence(Class<?> record, JsonNode json) {
        Map<String, Boolean> presence = new TreeMap<>();
        collect(record, json, "", presence);
        return presence;
    }

    private static void collect(Class<?> record, JsonNode json, String at, Map<String, Boolean> presence) {
        for (RecordComponent component : record.getRecordComponents()) {
            String pointer = at + "/" + component.getName();
            JsonNode value = json.path(component.getName());
            if (isOptional(component)) {
                presence.put(pointer, !value.isMissingNode());
            }
            Class<?> inner = recordIn(component.getGenericType());
            if (inner == null || value.isMissingNode()) {
                continue;
            }
            if (value.isArray()) {
                for (int i = 0; i < value.size(); i++) {
                    collect(inner, value.get(i), pointer + "/" + i, presence);
                }
            } else {
                collect(inner, value, pointer, presence);
            }
        }
    }

    static boolean isNullable(RecordComponent component) {
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    private static boolean isOptional(RecordComponent component) {
        return !WHERE_IT_STANDS.contains(component.getDeclaringRecord()) && isNullable(component);
    }

    private static @Nullable Class<?> recordIn(Type type) {
        return switch (type) {
            case Class<?> raw when raw.isRecord() -> raw;
            case ParameterizedType list -> recordIn(list.getActualTypeArguments()[0]);
            default -> null;
        };
    }
}
