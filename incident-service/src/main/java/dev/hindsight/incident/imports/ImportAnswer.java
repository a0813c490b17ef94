package dev.hindsight.incident.imports;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.hindsight.contract.refusal.Invalid.Violation;
import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** One line of the answer. */
public sealed interface ImportAnswer {

    /**
     * How far it is: all of it is durable. The last line is the total.
     *
     * @param imported incidents of which something was new
     * @param skipped incidents of which everything is on record already
     * @param failed lines that are not right
     */
    @Schema(name = "ImportProgress")
    record Progress(long imported, long skipped, long failed) implements ImportAnswer {}

    /**
     * What is wrong with a line; nothing of it is recorded.
     *
     * @param line counted from 1
     */
    @Schema(name = "ImportLineError")
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record BadLine(long line, Problem error) implements ImportAnswer {

        private static final int MOST_TOLD = 5;

        /** Of everything that is wrong with it: the first one's code, and what to do about the first five. */
        static BadLine of(long line, List<Violation> violations) {
            return new BadLine(
                    line,
                    new Problem(
                            violations.getFirst().code(),
                            violations.stream()
                                    .limit(MOST_TOLD)
                                    .map(Violation::message)
                                    .collect(Collectors.joining(" "))));
        }
    }

    /** @param code stable and machine-readable, in UPPER_SNAKE_CASE */
    @Schema(name = "ImportError")
    record Problem(String code, String message) {}

    /** For the OpenAPI document. */
    String EXAMPLE = """
            {"imported":120,"skipped":0,"failed":0}
            {"line":121,"error":{"code":"DECLARED_MISSING","message":"history must have exactly one entry of type declared."}}
            {"imported":240,"skipped":3,"failed":1}
            """;
}
