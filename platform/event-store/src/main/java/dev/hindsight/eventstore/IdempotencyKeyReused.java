package dev.hindsight.eventstore;

/** An Idempotency-Key came again with another body; answered as 422. */
public final class IdempotencyKeyReused extends RuntimeException {

    public IdempotencyKeyReused(String key) {
        super("Idempotency-Key " + key + " was used before with another body", null, false, false);
    }
}
