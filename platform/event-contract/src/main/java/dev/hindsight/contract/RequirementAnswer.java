package dev.hindsight.contract;

/** Whether a postmortem is due. */
public enum RequirementAnswer {
    REQUIRED,
    OPTIONAL
}
