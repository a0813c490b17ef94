package dev.hindsight.contract.refusal;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A rule of the domain forbids the command in the present state; answered as 409 with every reason at once. Nothing was
 * changed.
 */
public final class Refused extends RuntimeException {

    /**
     * One rule that stands against the command.
     *
     * @param code stable and machine-readable, in UPPER_SNAKE_CASE
     * @param message one sentence that says what is in the way and what would clear it
     */
    public record Reason(String code, String message) {}

    private final transient List<Reason> reasons;

    public Refused(List<Reason> reasons) {
        super(reasons.stream().map(Reason::message).collect(Collectors.joining(" ")), null, false, false);
        this.reasons = List.copyOf(reasons);
    }

    public static Refused because(String code, String message) {
        return new Refused(List.of(new Reason(code, message)));
    }

    public List<Reason> reasons() {
        return reasons;
    }
}
