/**
 * Who may come in: OIDC bearer tokens, API tokens, and for pages a browser's session; four roles, deny by default.
 *
 * <p>Annotate each resource method with {@code @RolesAllowed(Roles.VIEWER)} or a higher one;
 * {@link dev.hindsight.conventions.security.RoleHierarchy} lets a higher role do what the lower ones may. A method without
 * an annotation is denied. The settings are in {@code META-INF/microprofile-config.properties}.
 */
@NullMarked
package dev.hindsight.conventions.security;

import org.jspecify.annotations.NullMarked;
