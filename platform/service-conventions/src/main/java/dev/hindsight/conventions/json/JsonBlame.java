package dev.hindsight.conventions.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.contract.refusal.Invalid.Violation;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is wrong with a JSON body, where, and what would have been accepted. Never says more than the client sent. */
public final class JsonBlame {

    private JsonBlame() {}

    /** Whether reading failed, and not writing or a type's own definition. */
    public static boolean isOfRequest(JsonProcessingException failure) {
        return failure instanceof StreamReadException
                || failure instanceof StreamConstraintsException
                || failure instanceof MismatchedInputException
                || failure instanceof ValueInstantiationException
                || (failure instanceof JsonMappingException mapping
                        && !(failure instanceof InvalidDefinitionException)
                        && causeOf(mapping) != null);
    }

    /** The fields to blame; never empty. */
    public static List<Violation> of(JsonProcessingException failure) {
        if (failure instanceof JsonMappingException mapping && causeOf(mapping) instanceof Invalid invalid) {
            String at = path(mapping);
            return invalid.violations().stream()
                    .map(violation -> new Violation(join(at, violation.field()), violation.code(), violation.message()))
                    .toList();
        }
        return List.of(one(failure));
    }

    private static @Nullable Throwable causeOf(JsonMappingException mapping) {
        for (Throwable cause = mapping.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof Invalid
                    || cause instanceof StreamConstraintsException
                    || cause instanceof StreamReadException
                    || cause instanceof IllegalArgumentException
                    || cause instanceof NullPointerException) {
                return cause;
            }
        }
        return null;
    }

    private static Violation one(JsonProcessingException failure) {
        return switch (failure) {
            case StreamConstraintsException e -> limit("");
            case UnrecognizedPropertyException e -> {
                Collection<Object> known = e.getKnownPropertyIds();
                yield new Violation(
                        path(e),
                        "UNKNOWN_PROPERTY",
                        path(e) + " is not known here"
                                + (known == null || known.isEmpty()
                                        ? "."
                                        : "; known are "
                                                + known.stream()
                                                        .map(Object::toString)
                                                        .sorted()
                                                        .collect(Collectors.joining(", "))
                                                + "."));
            }
            case InvalidFormatException e ->
                new Violation(path(e), "INVALID_VALUE", named(e) + " must be " + accepted(e.getTargetType()) + ".");
            case InvalidTypeIdException e ->
                new Violation(path(e), "INVALID_VALUE", named(e) + " names a type that is not known here.");
            case MismatchedInputException e ->
                e.getOriginalMessage() instanceof String message && message.startsWith("Trailing token")
                        ? new Violation("", "MALFORMED_JSON", "There is more than one JSON value.")
                        : new Violation(
                                path(e), "WRONG_TYPE", named(e) + " must be " + accepted(e.getTargetType()) + ".");
            case JsonMappingException e when causeOf(e) instanceof StreamConstraintsException -> limit(path(e));
            case JsonMappingException e when causeOf(e) instanceof StreamReadException cause -> malformed(cause);
            case ValueInstantiationException e ->
                new Violation(path(e), "INVALID_VALUE", named(e) + " is not a valid value.");
            case JsonMappingException e -> new Violation(path(e), "INVALID_VALUE", named(e) + " is not a valid value.");
            default -> malformed(failure);
        };
    }

    private static Violation limit(String path) {
        return new Violation(
                path,
                "LIMIT_EXCEEDED",
                "The body is nested deeper than " + JsonCustomizer.DEPTH + " levels, or has a text longer than "
                        + JsonCustomizer.STRING_LENGTH + " characters or a number longer than 100.");
    }

    private static Violation malformed(JsonProcessingException failure) {
        JsonLocation at = failure.getLocation();
        return new Violation(
                "",
                "MALFORMED_JSON",
                "The body is not well-formed JSON"
                        + (at == null ? "." : ": look at line " + at.getLineNr() + ", column " + at.getColumnNr() + ".")
                        + (failure instanceof JsonParseException ? "" : " It ends too early."));
    }

    private static String named(JsonMappingException e) {
        String path = path(e);
        return path.isEmpty() ? "The body" : path;
    }

    /** Such as {@code services[0].name}. */
    private static String path(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        for (Reference reference : e.getPath()) {
            if (reference.getFieldName() != null) {
                path.append(path.isEmpty() ? "" : ".").append(reference.getFieldName());
            } else {
                path.append('[').append(reference.getIndex()).append(']');
            }
        }
        return path.toString();
    }

    private static String join(String parent, String child) {
        return parent.isEmpty() || child.isEmpty() || child.startsWith("[") ? parent + child : parent + "." + child;
    }

    private static String accepted(@Nullable Class<?> type) {
        if (type == null) {
            return "of another type";
        }
        if (type.isEnum()) {
            return "one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(Object::toString)
                            .collect(Collectors.joining(", "));
        }
        if (type == Instant.class) {
            return "an RFC 3339 time such as 2026-11-21T14:05:00Z";
        }
        if (type == LocalDate.class) {
            return "a date such as 2026-11-21";
        }
        if (type == UUID.class) {
            return "a UUID";
        }
        if (type == String.class) {
            return "a text";
        }
        if (type == Boolean.class || type == boolean.class) {
            return "true or false";
        }
        if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
            return "a whole number";
        }
        if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
            return "a number";
        }
        if (Collection.class.isAssignableFrom(type) || type.isArray()) {
            return "a list";
        }
        return Map.class.isAssignableFrom(type) || type.isRecord() ? "an object" : "a valid value";
    }
}
