package dev.hindsight.contract;

/** What kind of condition a contributing factor is; {@link #UNKNOWN} obliges to investigate. */
public enum FactorCategory {
    TECHNICAL,
    PROCESS,
    TOOLING,
    DOCUMENTATION,
    COMMUNICATION,
    ORGANISATION,
    UNKNOWN
}
