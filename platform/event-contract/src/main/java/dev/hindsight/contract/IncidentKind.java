package dev.hindsight.contract;

/** What an incident counts as. Only {@link #REAL} ones reach metrics and get a draft. */
public enum IncidentKind {
    REAL,
    TEST,
    DRILL
}
