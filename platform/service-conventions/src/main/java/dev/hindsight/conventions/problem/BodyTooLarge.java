package dev.hindsight.conventions.problem;

/** More of a body came than may; answered as 413. */
public final class BodyTooLarge extends RuntimeException {

    /** @param max bytes that a body may have */
    public BodyTooLarge(long max) {
        super("A body may have " + max + " bytes.", null, false, false);
    }
}
