package dev.hindsight.contract;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Every wire name and the record that it stands for, read once from the sealed interfaces. */
public final class Vocabulary {

    private static final Map<String, Class<? extends DomainEvent>> BY_WIRE_NAME = new LinkedHashMap<>();
    private static final Map<Class<?>, String> WIRE_NAMES = new LinkedHashMap<>();

    static {
        records(DomainEvent.class).forEach(record -> {
            JsonTypeName name = record.getAnnotation(JsonTypeName.class);
            if (name == null) {
                throw new IllegalStateException(record + " has no @JsonTypeName and so no wire name");
            }
            if (BY_WIRE_NAME.put(name.value(), record) != null) {
                throw new IllegalStateException(name.value() + " is the wire name of two records");
            }
            WIRE_NAMES.put(record, name.value());
        });
    }

    private Vocabulary() {}

    /** The wire name of an event; the name it came with where it is {@link Unknown}. */
    public static String wireNameOf(DomainEvent event) {
        return event instanceof Unknown(String type)
                ? type
                : Optional.ofNullable(WIRE_NAMES.get(event.getClass())).orElseThrow();
    }

    /** The wire name of a record of this vocabulary. */
    public static String wireNameOf(Class<? extends DomainEvent> record) {
        return Optional.ofNullable(WIRE_NAMES.get(record))
                .orElseThrow(() -> new IllegalArgumentException(record + " is not of the vocabulary"));
    }

    /** The record behind a wire name; empty for a name that only a newer version knows. */
    public static Optional<Class<? extends DomainEvent>> recordOf(String wireName) {
        return Optional.ofNullable(BY_WIRE_NAME.get(wireName));
    }

    /** Every wire name with its record. */
    public static Map<String, Class<? extends DomainEvent>> all() {
        return Collections.unmodifiableMap(BY_WIRE_NAME);
    }

    @SuppressWarnings("unchecked")
    private static Stream<Class<? extends DomainEvent>> records(Class<? extends DomainEvent> type) {
        if (type == Unknown.class) {
            return Stream.empty();
        }
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses())
                        .flatMap(sub -> records((Class<? extends DomainEvent>) sub))
                : List.<Class<? extends DomainEvent>>of(type).stream();
    }
}
