package dev.hindsight.conventions.http;

import dev.hindsight.contract.refusal.Invalid;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.ext.ParamConverter;
import jakarta.ws.rs.ext.ParamConverterProvider;
import jakarta.ws.rs.ext.Provider;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/**
 * Values of query parameters: a wrong one is a 400 that names it, not JAX-RS' 404. Numbers have bounds, and are read by
 * {@link NumberParam}.
 */
@Provider
public class QueryValues implements ParamConverterProvider {

    @Override
    @SuppressWarnings("unchecked")
    public <T> @Nullable ParamConverter<T> getConverter(
            Class<T> type, @Nullable Type genericType, Annotation @Nullable [] annotations) {
        String name = nameOf(annotations);
        if (name == null) {
            return null;
        }
        if (type.isEnum()) {
            T[] constants = type.getEnumConstants();
            String known = Arrays.stream(constants).map(Object::toString).collect(Collectors.joining(", "));
            return converter(name, "one of " + known, value -> Arrays.stream(constants)
                    .filter(constant -> ((Enum<?>) constant).name().equals(value))
                    .findFirst()
                    .orElseThrow(IllegalArgumentException::new));
        }
        if (type == UUID.class) {
            return (ParamConverter<T>) converter(name, "a UUID", UUID::fromString);
        }
        if (type == Boolean.class || type == boolean.class) {
            return (ParamConverter<T>) converter(name, "true or false", value -> switch (value) {
                case "true" -> true;
                case "false" -> false;
                default -> throw new IllegalArgumentException();
            });
        }
        return null;
    }

    private static @Nullable String nameOf(Annotation @Nullable [] annotations) {
        for (Annotation annotation : annotations == null ? new Annotation[0] : annotations) {
            if (annotation instanceof QueryParam query) {
                return query.value();
            }
            if (annotation instanceof RestQuery query) {
                return query.value();
            }
        }
        return null;
    }

    private static <T> ParamConverter<T> converter(String name, String accepted, Function<String, T> parse) {
        return new ParamConverter<>() {
            @Override
            public T fromString(String value) {
                try {
                    return parse.apply(value);
                } catch (IllegalArgumentException e) {
                    throw Invalid.field(name, "INVALID_VALUE", name + " must be " + accepted + ".");
                }
            }

            @Override
            public String toString(T value) {
                return value.toString();
            }
        };
    }
}
