package dev.hindsight.contract;

/** Who may see an incident: everybody with a role, or its participants and admins. */
public enum Visibility {
    INTERNAL,
    RESTRICTED
}
