package dev.hindsight.actionitem.domain;

import dev.hindsight.actionitem.domain.ActionItemCommand.AcceptActionItem;
import dev.hindsight.actionitem.domain.ActionItemCommand.CancelActionItem;
import dev.hindsight.actionitem.domain.ActionItemCommand.CompleteActionItem;
import dev.hindsight.actionitem.domain.ActionItemCommand.ProposeActionItem;
import dev.hindsight.actionitem.domain.ActionItemCommand.ReviseActionItem;
import dev.hindsight.actionitem.domain.ActionItemCommand.StartActionItem;
import dev.hindsight.actionitem.domain.ActionItemCommand.VerifyActionItem;
import dev.hindsight.contract.ActionItemDetails;
import dev.hindsight.contract.ActionItemEvent;
import dev.hindsight.contract.ActionItemStatus;
import dev.hindsight.contract.QualityFinding;
import dev.hindsight.contract.refusal.Refused;
import dev.hindsight.contract.refusal.Refused.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One piece of work that follows from an incident: {@code PROPOSED → ACCEPTED → IN_PROGRESS → DONE → VERIFIED}, or
 * {@code CANCELED}. Each state holds only what is true in it. A start may be skipped; verified and canceled are final.
 */
public sealed interface ActionItem {

    /** Before the first event. */
    ActionItem NONE = new None();

    /** There is no such item. */
    record None() implements ActionItem {}

    /** There is one. */
    sealed interface Existing extends ActionItem {

        Core core();

        ActionItemStatus status();
    }

    /**
     * What every item has.
     *
     * @param reference readable name, {@code ACT-7}
     * @param changedAt when the last thing happened to it, UTC; nothing can happen before
     */
    record Core(
            UUID incidentId,
            @Nullable UUID postmortemId,
            String reference,
            ActionItemDetails details,
            Instant createdAt,
            Instant changedAt) {

        Core with(ActionItemDetails revised, Instant at) {
            return new Core(incidentId, postmortemId, reference, revised, createdAt, at);
        }

        Core changed(Instant at) {
            return with(details, at);
        }
    }

    /** An idea; may miss the quality bar. */
    record Proposed(Core core) implements Existing {
        @Override
        public ActionItemStatus status() {
            return ActionItemStatus.PROPOSED;
        }
    }

    /** Its owner is bound to it. */
    record Accepted(Core core, Instant acceptedAt) implements Existing {
        @Override
        public ActionItemStatus status() {
            return ActionItemStatus.ACCEPTED;
        }
    }

    /** Somebody works on it. */
    record InProgress(Core core, Instant acceptedAt, Instant startedAt) implements Existing {
        @Override
        public ActionItemStatus status() {
            return ActionItemStatus.IN_PROGRESS;
        }
    }

    /**
     * The change is made.
     *
     * @param startedAt null where the start was skipped
     */
    record Done(
            Core core,
            Instant acceptedAt,
            @Nullable Instant startedAt,
            Instant completedAt,
            @Nullable String note) implements Existing {
        @Override
        public ActionItemStatus status() {
            return ActionItemStatus.DONE;
        }
    }

    /** It works: final. */
    record Verified(Core core, Done done, Instant verifiedAt, String evidence) implements Existing {
        @Override
        public ActionItemStatus status() {
            return ActionItemStatus.VERIFIED;
        }
    }

    /**
     * It will not be done: final.
     *
     * @param acceptedAt null where it never was
     * @param startedAt null where it never was
     */
    record Canceled(
            Core core,
            @Nullable Instant acceptedAt,
            @Nullable Instant startedAt,
            Instant canceledAt,
            String reason) implements Existing {
        @Override
        public ActionItemStatus status() {
            return ActionItemStatus.CANCELED;
        }
    }

    /**
     * What follows from the command; nothing where it changes nothing.
     *
     * @throws Refused where the state stands against it
     * @throws dev.hindsight.contract.refusal.Invalid where it could not be right in any state
     */
    static List<ActionItemEvent> decide(ActionItem state, ActionItemCommand command) {
        return switch (state) {
            case None _ -> propose(command);
            case Existing existing -> {
                notBefore(existing, command.at());
                yield change(existing, command);
            }
        };
    }

    /** The state after an event. */
    static ActionItem evolve(ActionItem state, ActionItemEvent event, Instant at) {
        return switch (event) {
            case ActionItemEvent.Proposed e ->
                new Proposed(new Core(e.incidentId(), e.postmortemId(), e.reference(), e.details(), at, at));
            case ActionItemEvent.Revised e ->
                switch (state) {
                    case Proposed s -> new Proposed(s.core().with(e.details(), at));
                    case Accepted s -> new Accepted(s.core().with(e.details(), at), s.acceptedAt());
                    case InProgress s -> new InProgress(s.core().with(e.details(), at), s.acceptedAt(), s.startedAt());
                    case None _, Done _, Verified _, Canceled _ -> state;
                };
            case ActionItemEvent.Accepted _ ->
                state instanceof Existing s ? new Accepted(s.core().changed(at), at) : state;
            case ActionItemEvent.Started _ ->
                state instanceof Accepted s ? new InProgress(s.core().changed(at), s.acceptedAt(), at) : state;
            case ActionItemEvent.Completed e ->
                switch (state) {
                    case Accepted s -> new Done(s.core().changed(at), s.acceptedAt(), null, at, e.note());
                    case InProgress s -> new Done(s.core().changed(at), s.acceptedAt(), s.startedAt(), at, e.note());
                    case None _, Proposed _, Done _, Verified _, Canceled _ -> state;
                };
            case ActionItemEvent.Verified e ->
                state instanceof Done s ? new Verified(s.core().changed(at), s, at, e.evidence()) : state;
            case ActionItemEvent.Canceled e ->
                switch (state) {
                    case Proposed s -> new Canceled(s.core().changed(at), null, null, at, e.reason());
                    case Accepted s -> new Canceled(s.core().changed(at), s.acceptedAt(), null, at, e.reason());
                    case InProgress s ->
                        new Canceled(s.core().changed(at), s.acceptedAt(), s.startedAt(), at, e.reason());
                    case None _, Done _, Verified _, Canceled _ -> state;
                };
        };
    }

    private static List<ActionItemEvent> propose(ActionItemCommand command) {
        if (!(command instanceof ProposeActionItem propose)) {
            throw Refused.because("NOT_PROPOSED", "There is no such action item yet; propose it first.");
        }
        Wellformed.check(propose.details());
        return List.of(new ActionItemEvent.Proposed(
                propose.incidentId(),
                propose.postmortemId(),
                propose.reference(),
                propose.details(),
                QualityBar.judge(propose.details())));
    }

    private static List<ActionItemEvent> change(Existing item, ActionItemCommand command) {
        UUID incident = item.core().incidentId();
        return switch (command) {
            case ProposeActionItem _ ->
                throw Refused.because(
                        "ALREADY_PROPOSED", item.core().reference() + " exists already; revise it instead.");
            case ReviseActionItem revise -> revise(item, revise.details());
            case AcceptActionItem _ ->
                switch (item) {
                    case Proposed proposed -> {
                        requireBar(proposed.core().details());
                        yield List.of(new ActionItemEvent.Accepted(incident));
                    }
                    case Accepted _, InProgress _, Done _, Verified _, Canceled _ -> throw past(item, "accepted");
                };
            case StartActionItem _ ->
                switch (item) {
                    case Accepted _ -> List.of(new ActionItemEvent.Started(incident));
                    case Proposed _ -> throw notAccepted(item, "started");
                    case InProgress _, Done _, Verified _, Canceled _ -> throw past(item, "started");
                };
            case CompleteActionItem complete -> {
                Wellformed.check("note", complete.note());
                yield switch (item) {
                    case Accepted _, InProgress _ -> List.of(new ActionItemEvent.Completed(incident, complete.note()));
                    case Proposed _ -> throw notAccepted(item, "completed");
                    case Done _, Verified _, Canceled _ -> throw past(item, "completed");
                };
            }
            case VerifyActionItem verify -> {
                Wellformed.require(
                        "evidence", verify.evidence(), "what showed that it works: a test, a drill, a dashboard");
                yield switch (item) {
                    case Done _ -> List.of(new ActionItemEvent.Verified(incident, verify.evidence()));
                    case Proposed _, Accepted _, InProgress _ ->
                        throw Refused.because(
                                "NOT_DONE",
                                item.core().reference()
                                        + " is not done, so nobody can have seen it work; complete it first.");
                    case Verified _, Canceled _ -> throw past(item, "verified");
                };
            }
            case CancelActionItem cancel -> {
                Wellformed.require("reason", cancel.reason(), "why it will not be done");
                yield switch (item) {
                    case Proposed _, Accepted _, InProgress _ ->
                        List.of(new ActionItemEvent.Canceled(incident, cancel.reason()));
                    case Done _, Verified _, Canceled _ -> throw past(item, "canceled");
                };
            }
        };
    }

    private static List<ActionItemEvent> revise(Existing item, ActionItemDetails details) {
        Wellformed.check(details);
        switch (item) {
            case Proposed _ -> {}
            // Accepted is a promise about the item as it met the bar.
            case Accepted _, InProgress _ -> requireBar(details);
            case Done _, Verified _, Canceled _ -> throw past(item, "revised");
        }
        return details.equals(item.core().details())
                ? List.of()
                : List.of(new ActionItemEvent.Revised(item.core().incidentId(), details, QualityBar.judge(details)));
    }

    private static void requireBar(ActionItemDetails details) {
        List<QualityFinding> findings = QualityBar.judge(details);
        if (!findings.isEmpty()) {
            throw new Refused(findings.stream()
                    .map(finding -> new Reason(finding.code(), finding.message() + " " + finding.suggestion()))
                    .toList());
        }
    }

    private static void notBefore(Existing item, Instant at) {
        if (at.isBefore(item.core().changedAt())) {
            throw Refused.because(
                    "OUT_OF_ORDER",
                    "%s changed last at %s; nothing can happen to it before that."
                            .formatted(item.core().reference(), item.core().changedAt()));
        }
    }

    private static Refused notAccepted(Existing item, String step) {
        return Refused.because(
                "NOT_ACCEPTED",
                "%s is only proposed and cannot be %s; accept it first."
                        .formatted(item.core().reference(), step));
    }

    private static Refused past(Existing item, String step) {
        String advice =
                switch (item) {
                    case Proposed _, Accepted _, InProgress _ -> "";
                    case Done _ -> " Verify it, or propose what is still missing as a new item.";
                    case Verified _, Canceled _ -> " That is final; propose a new item.";
                };
        return Refused.because(
                "ALREADY_" + item.status(),
                "%s is %s already and cannot be %s.%s"
                        .formatted(
                                item.core().reference(),
                                item.status().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                                step,
                                advice));
    }
}
