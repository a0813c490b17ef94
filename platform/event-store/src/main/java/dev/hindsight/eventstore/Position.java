package dev.hindsight.eventstore;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How far a stream is, as {@code <stream>@<version>}: what a command answers, and what a reader can ask to be as far as. */
public record Position(UUID streamId, long version) {

    private static final Pattern TEXT =
            Pattern.compile("([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})@(\\d{1,18})");

    /** Empty where the text is none. */
    public static Optional<Position> parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        return matcher.matches()
                ? Optional.of(new Position(UUID.fromString(matcher.group(1)), Long.parseLong(matcher.group(2))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return streamId + "@" + version;
    }
}
