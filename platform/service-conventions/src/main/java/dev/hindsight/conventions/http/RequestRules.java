package dev.hindsight.conventions.http;

import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.contract.refusal.Invalid.Violation;
import dev.hindsight.conventions.problem.PreconditionRequired;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/** What every request under {@code /api} must keep to, read once from the method that it is for. */
public final class RequestRules {

    private record Rules(@Nullable Set<String> queryParameters, boolean requiresIfMatch) {}

    private final Map<Method, Rules> known = new ConcurrentHashMap<>();

    /** Refuses what the method would not read: a parameter that is silently ignored is a wrong answer. */
    @ServerRequestFilter
    public void check(ContainerRequestContext request, ResourceInfo resource) {
        if (!request.getUriInfo().getPath().startsWith("/api/")) {
            return;
        }
        Rules rules = known.computeIfAbsent(resource.getResourceMethod(), RequestRules::of);
        request.getUriInfo().getQueryParameters().forEach((name, values) -> {
            if (values.stream().anyMatch(value -> value.indexOf('\0') >= 0)) {
                throw Invalid.field(name, "INVALID_TEXT", "The query parameter " + name + " must not contain NUL.");
            }
        });
        Set<String> parameters = rules.queryParameters();
        if (parameters != null) {
            List<Violation> violations = new ArrayList<>();
            for (String name :
                    new TreeSet<>(request.getUriInfo().getQueryParameters().keySet())) {
                if (!parameters.contains(name)) {
                    violations.add(new Violation(
                            name,
                            "UNKNOWN_PARAMETER",
                            "The query parameter " + name + " is not known here"
                                    + (parameters.isEmpty()
                                            ? "; there is none."
                                            : "; known are " + String.join(", ", parameters) + ".")));
                }
            }
            if (!violations.isEmpty()) {
                throw new Invalid(violations);
            }
        }
        if (rules.requiresIfMatch() && request.getHeaderString(HttpHeaders.IF_MATCH) == null) {
            throw new PreconditionRequired();
        }
    }

    private static Rules of(Method method) {
        Set<String> names = new TreeSet<>();
        for (Parameter parameter : method.getParameters()) {
            collect(parameter, parameter.getName(), parameter.getType(), names);
        }
        return new Rules(
                method.isAnnotationPresent(AcceptsAnyQuery.class) ? null : names,
                method.isAnnotationPresent(RequiresIfMatch.class));
    }

    private static void collect(AnnotatedElement element, String ownName, Class<?> type, Set<String> names) {
        QueryParam query = element.getAnnotation(QueryParam.class);
        if (query != null) {
            names.add(query.value());
        }
        RestQuery rest = element.getAnnotation(RestQuery.class);
        if (rest != null) {
            names.add(rest.value().isEmpty() ? ownName : rest.value());
        }
        if (element.isAnnotationPresent(BeanParam.class)) {
            for (Class<?> bean = type; bean != null && bean != Object.class; bean = bean.getSuperclass()) {
                for (Field field : bean.getDeclaredFields()) {
                    collect(field, field.getName(), field.getType(), names);
                }
                if (bean.isRecord()) {
                    for (var component : bean.getRecordComponents()) {
                        collect(component, component.getName(), component.getType(), names);
                    }
                }
            }
        }
    }
}
