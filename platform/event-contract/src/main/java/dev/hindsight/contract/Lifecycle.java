package dev.hindsight.contract;

/**
 * Status, milestones and reopenings of an incident after an event: a pure function of all facts known by then, sorted by
 * when they happened. Part of the {@link Standing} that every incident event carries.
 */
public record Lifecycle(IncidentStatus status, Milestones milestones, int reopenings) {

    public static final Lifecycle NONE = new Lifecycle(IncidentStatus.OPEN, Milestones.NONE, 0);
}
