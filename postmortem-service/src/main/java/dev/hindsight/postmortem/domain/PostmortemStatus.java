package dev.hindsight.postmortem.domain;

/** Where a postmortem stands. */
public enum PostmortemStatus {
    DRAFT("Draft"),
    IN_REVIEW("In review"),
    PUBLISHED("Published");

    private final String words;

    PostmortemStatus(String words) {
        this.words = words;
    }

    /** As people read it. */
    public String inWords() {
        return words;
    }
}
