package dev.hindsight.incident.domain;

import dev.hindsight.contract.Change;
import java.time.Instant;

/**
 * What is said of a deploy that may have contributed to an incident. Verdicts count in the order of recording: who says it now
 * means now.
 *
 * @param deployedAt where its suspicion stands in time; of one that nobody suspected, when it was confirmed
 */
public record DeployLink(Verdict verdict, Change change, Instant deployedAt) {

    /** Whether nobody has judged it: what becomes known may speak against it. */
    public boolean isSuspicion() {
        return verdict == Verdict.SUSPECT;
    }

    /** Whether the deploy is to blame. */
    public enum Verdict {
        /** It went before the incident; nobody has said yet. */
        SUSPECT,
        /** Somebody says that it contributed. */
        CONFIRMED,
        /** Somebody says that it has nothing to do with it. */
        DISMISSED
    }
}
