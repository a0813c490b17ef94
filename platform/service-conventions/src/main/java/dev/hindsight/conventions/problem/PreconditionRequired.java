package dev.hindsight.conventions.problem;

/** The operation is only done against a known version, and the client named none in If-Match; answered as 428. */
public final class PreconditionRequired extends RuntimeException {

    public PreconditionRequired() {
        super("Send If-Match with the ETag that you have read.", null, false, false);
    }
}
