package dev.hindsight.conventions.security;

import java.util.List;
import java.util.Set;

/** The four roles, each including the ones before it. */
public final class Roles {

    /** Reads everything that is not restricted. */
    public static final String VIEWER = "viewer";
    /** Runs incidents. */
    public static final String RESPONDER = "responder";
    /** Writes postmortems and action items. */
    public static final String EDITOR = "editor";
    /** Integrations, policies, catalog, tokens, repairs. */
    public static final String ADMIN = "admin";

    /** From the least to the most. */
    public static final List<String> ALL = List.of(VIEWER, RESPONDER, EDITOR, ADMIN);

    private Roles() {}

    /** The role itself and what it includes; nothing for a role that is not Hindsight's. */
    public static Set<String> including(String role) {
        return Set.copyOf(ALL.subList(0, ALL.indexOf(role) + 1));
    }
}
