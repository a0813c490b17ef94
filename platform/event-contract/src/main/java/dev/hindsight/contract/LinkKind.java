package dev.hindsight.contract;

/** What stands behind a link of an incident. */
public enum LinkKind {
    RUNBOOK,
    DASHBOARD,
    LOGS,
    CHAT,
    CALL,
    TICKET,
    CHANGE,
    OTHER
}
