package dev.hindsight.incident.imports;

import dev.hindsight.contract.refusal.Invalid.Violation;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The incidents of a body, one after the other; never more than one of them in memory. */
interface Lines {

    /**
     * The next one, right or wrong; null at the end of the body.
     *
     * @throws IOException where the body was cut off; what came of its last line is not told
     */
    @Nullable
    Line next() throws IOException;

    /** @param number of the line in the body where it begins, counted from 1 */
    sealed interface Line {
        long number();
    }

    /** One that could be read. */
    record Read(long number, ImportLine incident) implements Line {}

    /** One that could not. */
    record Unreadable(long number, List<Violation> violations) implements Line {}
}
