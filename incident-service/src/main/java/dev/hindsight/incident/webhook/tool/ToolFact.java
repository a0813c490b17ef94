package dev.hindsight.incident.webhook.tool;

import dev.hindsight.contract.Alert;
import dev.hindsight.contract.Severity;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.domain.IncidentCommand;
import dev.hindsight.incident.domain.Signal;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One thing that a delivery says. */
public sealed interface ToolFact {

    /** Identity of the fact: the same when it is told again, whatever the delivery. */
    String key();

    Signal signal();

    Instant occurredAt();

    /** The tool's own order among facts of one moment. */
    int sourceOrder();

    /** What to call an incident that nobody had heard of. */
    String fallbackTitle();

    /** When the tool's incident or alert began, as far as this fact says. */
    Instant beganAt();

    /** Whether it declares an incident that nobody had heard of. */
    default boolean mayDeclare() {
        return true;
    }

    /**
     * Who did it; null for the tool itself.
     *
     * @param actor who did what the delivery is about
     */
    default @Nullable UUID doneBy(@Nullable UUID actor) {
        return actor;
    }

    /**
     * The command that records it.
     *
     * @param externalId how the tool knows the incident
     * @param reference the readable name, in case the incident is new
     * @param actor who did what the delivery is about; null for the tool itself
     */
    default IncidentCommand.Observe command(
            Integration integration, String externalId, String reference, @Nullable UUID actor) {
        return new IncidentCommand.Observe(
                StreamIds.named(integration.id(), "fact|" + key()),
                signal(),
                occurredAt(),
                sourceOrder(),
                new IncidentCommand.Opening(
                        reference, fallbackTitle(), integration.defaultSeverity(), beganAt(), externalId),
                mayDeclare(),
                doneBy(actor));
    }

    /**
     * Of an incident that the tool keeps itself: it maps one to one.
     *
     * @param externalId the tool's own id of the incident
     * @param doer null where it is what the delivery is about
     */
    record OfIncident(
            String externalId,
            String key,
            Signal signal,
            Instant occurredAt,
            int sourceOrder,
            String fallbackTitle,
            Instant beganAt,
            boolean mayDeclare,
            @Nullable Doer doer)
            implements ToolFact {

        /** Of a fact that several deliveries tell, each on its own occasion. @param person null for the tool itself */
        record Doer(@Nullable UUID person) {}

        @Override
        public @Nullable UUID doneBy(@Nullable UUID actor) {
            return doer == null ? actor : doer.person();
        }

        /** The same, done by this person and not by whoever the delivery is about. @param person null for the tool itself */
        OfIncident by(@Nullable UUID person) {
            return new OfIncident(
                    externalId,
                    key,
                    signal,
                    occurredAt,
                    sourceOrder,
                    fallbackTitle,
                    beganAt,
                    mayDeclare,
                    new Doer(person));
        }

        OfIncident(
                String externalId,
                String key,
                Signal signal,
                Instant occurredAt,
                int sourceOrder,
                String fallbackTitle,
                Instant beganAt) {
            this(externalId, key, signal, occurredAt, sourceOrder, fallbackTitle, beganAt, true, null);
        }
    }

    /**
     * Of what is said in a chat channel: it belongs to the incident that the channel belonged to then, if to any.
     *
     * @param channel as the tool knows it
     */
    record OfChannel(String channel, String key, Signal signal, Instant occurredAt, int sourceOrder)
            implements ToolFact {

        @Override
        public String fallbackTitle() {
            return "Talk in " + channel;
        }

        @Override
        public Instant beganAt() {
            return occurredAt;
        }
    }

    /**
     * Of an alert, which belongs to an incident of its service.
     *
     * @param service null where neither the alert nor the integration names one
     * @param startSaid whether the tool says when the occurrence began; where it does not, an occurrence goes on until its
     *     end is told or its incident is over, and {@code beganAt} is the time of receipt
     */
    record OfAlert(
            Alert alert,
            @Nullable String service,
            @Nullable Severity severity,
            String key,
            Signal signal,
            Instant occurredAt,
            int sourceOrder,
            String fallbackTitle,
            Instant beganAt,
            boolean startSaid)
            implements ToolFact {

        /** Scopes of alerts that name no service begin with this. */
        private static final String RULE = "rule|";

        /**
         * Alerts of one scope are one disturbance: those of a service, else those of one rule. Nobody wants a thousand
         * incidents of a rule that forgot to name its service.
         */
        public String scope(Integration integration) {
            return service != null ? service : RULE + integration.id() + '|' + alert.name();
        }

        /** What is watched, in the words in which the keys of its occurrences begin. */
        public String watched() {
            String key = alert.key();
            return key.substring(0, key.lastIndexOf('|') + 1);
        }

        /** Whether it tells of an end. */
        public boolean isOver() {
            return signal instanceof Signal.AlertResolved;
        }

        /** The same, said of an occurrence that is known already. */
        public OfAlert of(String occurrence) {
            Alert its = new Alert(occurrence, alert.fingerprint(), alert.name(), alert.summary(), alert.url());
            return new OfAlert(
                    its,
                    service,
                    severity,
                    occurrence + (isOver() ? "|resolved" : "|firing"),
                    isOver()
                            ? new Signal.AlertResolved(its, signal.observed())
                            : new Signal.AlertFired(its, signal.observed()),
                    occurredAt,
                    sourceOrder,
                    fallbackTitle,
                    beganAt,
                    startSaid);
        }
    }
}
