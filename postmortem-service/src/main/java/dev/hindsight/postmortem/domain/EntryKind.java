package dev.hindsight.postmortem.domain;

/** What an entry of a timeline tells. */
public enum EntryKind {
    DECLARED,
    ACKNOWLEDGED,
    UNACKNOWLEDGED,
    ESCALATED,
    ROLE_ASSIGNED,
    SEVERITY_CHANGED,
    CLASSIFIED,
    SERVICES_CHANGED,
    STATUS_UPDATED,
    MESSAGE,
    DECISION,
    LINK,
    PAGED,
    IMPACT,
    IMPACT_STARTED,
    DETECTED,
    MILESTONE_CORRECTED,
    MITIGATED,
    RESOLVED,
    REOPENED,
    CLOSED,
    CANCELED,
    MERGED,
    ALERT_FIRED,
    ALERT_RESOLVED,
    DEPLOY,
    CHANNEL_LINKED,
    VISIBILITY_CHANGED,
    PARTICIPANT_ADDED,
    PARTICIPANT_REMOVED,
    NOTE;

    /** Whether it is pinned by itself: milestones, changes of status, severity and classification, decisions. */
    public boolean isKey() {
        return switch (this) {
            case DECLARED,
                    ACKNOWLEDGED,
                    UNACKNOWLEDGED,
                    SEVERITY_CHANGED,
                    CLASSIFIED,
                    DECISION,
                    IMPACT_STARTED,
                    DETECTED,
                    MILESTONE_CORRECTED,
                    MITIGATED,
                    RESOLVED,
                    REOPENED,
                    CLOSED,
                    CANCELED,
                    MERGED,
                    VISIBILITY_CHANGED -> true;
            case ESCALATED,
                    ROLE_ASSIGNED,
                    SERVICES_CHANGED,
                    STATUS_UPDATED,
                    MESSAGE,
                    LINK,
                    PAGED,
                    IMPACT,
                    ALERT_FIRED,
                    ALERT_RESOLVED,
                    DEPLOY,
                    CHANNEL_LINKED,
                    PARTICIPANT_ADDED,
                    PARTICIPANT_REMOVED,
                    NOTE -> false;
        };
    }
}
