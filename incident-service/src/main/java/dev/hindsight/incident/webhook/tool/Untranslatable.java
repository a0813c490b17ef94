package dev.hindsight.incident.webhook.tool;

/** An authentic body that is not of the shape that the tool documents. */
public final class Untranslatable extends RuntimeException {

    /** @param message for whoever looks at the parked delivery */
    public Untranslatable(String message) {
        super(message, null, false, false);
    }
}
