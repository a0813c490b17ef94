package dev.hindsight.contract;

/** How bad an incident is, from {@code SEV0} (worst) to {@code SEV4}. */
public enum Severity {
    SEV0,
    SEV1,
    SEV2,
    SEV3,
    SEV4;

    /** SEV0 and SEV1: reviewed in a meeting, and gated before closure. */
    public boolean isMajor() {
        return this == SEV0 || this == SEV1;
    }
}
