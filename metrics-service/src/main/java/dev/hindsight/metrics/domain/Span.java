package dev.hindsight.metrics.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * From when to when a length of time runs. This is the definition; the view translates it to SQL, and a test holds the
 * translation against {@link #measure}.
 *
 * @param starts it runs from the earliest that is known of these
 * @param withoutStart why it does not count where none is known
 * @param end it runs to this one
 * @param withoutEnd why it does not count where the end is not known
 */
public record Span(List<Moment> starts, Exclusion withoutStart, Moment end, Exclusion withoutEnd) {

    public Span {
        starts = List.copyOf(starts);
    }

    /** The length for an incident with these times; an undeclared incident belongs to no period and never counts. */
    public Measured measure(Function<Moment, @Nullable Instant> times) {
        if (times.apply(Moment.DECLARED) == null) {
            return new Measured.Excluded(Exclusion.MISSING_DECLARED);
        }
        Optional<Instant> start =
                starts.stream().map(times).filter(Objects::nonNull).min(Comparator.naturalOrder());
        if (start.isEmpty()) {
            return new Measured.Excluded(withoutStart);
        }
        Instant last = times.apply(end);
        if (last == null) {
            return new Measured.Excluded(withoutEnd);
        }
        return last.isBefore(start.get())
                ? new Measured.Excluded(Exclusion.CROSSED)
                : new Measured.Counted(Duration.between(start.get(), last));
    }
}
