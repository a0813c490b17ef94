package dev.hindsight.contract;

/** The Kafka topics, one for each service that owns streams; the key is the incident (or the stream itself). */
public enum Topic {
    INCIDENT_EVENTS("incident-events"),
    POSTMORTEM_EVENTS("postmortem-events"),
    ACTION_ITEM_EVENTS("action-item-events");

    private final String wireName;

    Topic(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }
}
