package dev.hindsight.conventions.security.session;

import io.quarkus.security.UnauthorizedException;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Who comes without an Authorization header and still got past the roles came with a cookie: only operations that answer
 * HTML are for them. Opened in a browser tab, JSON stays what it is for everybody else without a token: 401.
 */
public class PagesForCookiesOnly {

    private static final Map<Method, Boolean> GUARDED_AND_NO_PAGE = new ConcurrentHashMap<>();

    @ServerRequestFilter
    public void check(ContainerRequestContext request, ResourceInfo resource) {
        if (request.getHeaderString(HttpHeaders.AUTHORIZATION) == null
                && GUARDED_AND_NO_PAGE.computeIfAbsent(
                        resource.getResourceMethod(), method -> !isOpen(method) && !isPage(method))) {
            throw new UnauthorizedException();
        }
    }

    /** Whether an operation answers HTML. */
    public static boolean isPage(@Nullable Method method) {
        if (method == null) {
            return false;
        }
        Produces produces = method.getAnnotation(Produces.class);
        if (produces == null) {
            produces = method.getDeclaringClass().getAnnotation(Produces.class);
        }
        return produces != null
                && Arrays.stream(produces.value()).anyMatch(type -> type.startsWith(MediaType.TEXT_HTML));
    }

    private static boolean isOpen(Method method) {
        return method.isAnnotationPresent(PermitAll.class)
                || method.getDeclaringClass().isAnnotationPresent(PermitAll.class);
    }
}
