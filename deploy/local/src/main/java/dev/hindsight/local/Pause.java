package dev.hindsight.local;

/** Between two looks at something that is not ours to be woken by. */
final class Pause {
    private Pause() {}

    static void millis(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailed("Interrupted.", e);
        }
    }
}
