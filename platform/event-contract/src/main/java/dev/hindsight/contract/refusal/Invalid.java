package dev.hindsight.contract.refusal;

import java.util.List;
import java.util.stream.Collectors;

/** A command that could not be right in any state; answered as 400 and naming each field to blame. */
public final class Invalid extends RuntimeException {

    /**
     * One field to blame.
     *
     * @param field JSON path of the field in the request body, or the parameter's name
     * @param code stable and machine-readable, in UPPER_SNAKE_CASE
     * @param message what is wrong and what would be right
     */
    public record Violation(String field, String code, String message) {}

    private final transient List<Violation> violations;

    public Invalid(List<Violation> violations) {
        super(violations.stream().map(Violation::message).collect(Collectors.joining(" ")), null, false, false);
        this.violations = List.copyOf(violations);
    }

    public static Invalid field(String field, String code, String message) {
        return new Invalid(List.of(new Violation(field, code, message)));
    }

    public List<Violation> violations() {
        return violations;
    }
}
