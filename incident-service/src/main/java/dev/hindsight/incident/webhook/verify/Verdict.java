package dev.hindsight.incident.webhook.verify;

/** Whether a request proves where it comes from; ordered from the furthest from it to the proof. */
public enum Verdict {
    /** Neither signature nor secret came with it. */
    UNSIGNED("it carries no signature or secret in the way that the tool sends one"),
    /** A signature or secret came with it, and it is none of ours. */
    FORGED(
            "its signature or secret does not match: the integration holds another secret, or the body was changed on its way"),
    /** The signature is right, and too far from now: a replay, or a clock that is wrong. */
    STALE("its signed time is more than five minutes from ours: a replay, or a clock is wrong"),
    AUTHENTIC("it is authentic");

    private final String because;

    Verdict(String because) {
        this.because = because;
    }

    /** For people, without anything of the request. */
    public String because() {
        return because;
    }

    public boolean isAuthentic() {
        return this == AUTHENTIC;
    }

    /** The one that is nearer to the proof. */
    public Verdict or(Verdict other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
