package dev.hindsight.contract;

import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an action item says about itself. A proposal may leave out what the quality bar asks for; acceptance may not.
 *
 * @param owner one person, not a team
 * @param dueDate a real day, UTC
 */
public record ActionItemDetails(
        String title,
        @Nullable Change change,
        @Nullable UUID owner,
        @Nullable LocalDate dueDate,
        @Nullable Priority priority,
        @Nullable Type type,
        @Nullable Category category,
        @Nullable Risk risk,
        @Nullable Verification verification) {

    /** The described change. */
    public record Change(
            ChangeKind kind, String description, @Nullable String url) {}

    /** How somebody will see that it works. */
    public record Verification(VerificationKind kind, String description) {}

    public enum ChangeKind {
        PULL_REQUEST,
        CONFIGURATION,
        RUNBOOK,
        MONITOR,
        PROCESS,
        OTHER
    }

    public enum VerificationKind {
        TEST,
        DRILL,
        DASHBOARD
    }

    public enum Priority {
        HIGH,
        MEDIUM,
        LOW
    }

    public enum Type {
        MITIGATIVE,
        PREVENTATIVE,
        INVESTIGATIVE
    }

    public enum Category {
        GUARDRAIL,
        DETECTION,
        MITIGATION,
        RECOVERY,
        COMMUNICATION
    }

    /** The risk that the change reduces. */
    public enum Risk {
        LIKELIHOOD,
        BLAST_RADIUS,
        FASTER_DETECTION
    }
}
