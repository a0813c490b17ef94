package dev.hindsight.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The prose sections of a postmortem, in the document's order (checklists of both seeds). */
public enum PostmortemSection {
    SUMMARY("Summary"),
    CUSTOMER_IMPACT("Customer impact"),
    WENT_WELL("What went well"),
    WENT_POORLY("What went poorly"),
    LEARNINGS("Learnings"),
    RISKS("Risks");

    private final String heading;

    PostmortemSection(String heading) {
        this.heading = heading;
    }

    public String heading() {
        return heading;
    }

    /** The name in URLs and JSON: {@code went-well}. */
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The section of that name; empty where there is none. */
    public static Optional<PostmortemSection> named(String wireName) {
        return Arrays.stream(values())
                .filter(section -> section.wireName().equals(wireName))
                .findFirst();
    }

    @JsonCreator
    static PostmortemSection fromWire(String wireName) {
        return named(wireName).orElseThrow(() -> new IllegalArgumentException("no section is named " + wireName));
    }
}
