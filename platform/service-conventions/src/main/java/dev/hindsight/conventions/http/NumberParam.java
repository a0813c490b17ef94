package dev.hindsight.conventions.http;

import dev.hindsight.contract.refusal.Invalid;
import org.jspecify.annotations.Nullable;

/** Whole numbers in query parameters and headers. */
public final class NumberParam {

    private NumberParam() {}

    /**
     * The number that was given.
     *
     * @param name to blame
     * @param least that is accepted
     * @param most that is accepted; {@link Long#MAX_VALUE} for no bound
     * @param otherwise where nothing was given
     * @throws Invalid where it is none, or beyond the bounds
     */
    public static long parse(String name, @Nullable String given, long least, long most, long otherwise) {
        if (given == null) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(given.strip());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Refused below.
        }
        throw Invalid.field(
                name,
                "INVALID_NUMBER",
                name + " must be a whole number from " + least
                        + (most == Long.MAX_VALUE ? " on." : " to " + most + "."));
    }
}
