package dev.hindsight.conventions.problem;

/** What was asked for does not exist, or must not be known to exist; answered as 404. */
public final class NotFound extends RuntimeException {

    /**
     * @param what kind of thing, such as "incident"
     * @param id as the client wrote it
     */
    public NotFound(String what, Object id) {
        super("There is no " + what + " " + id + ".", null, false, false);
    }
}
