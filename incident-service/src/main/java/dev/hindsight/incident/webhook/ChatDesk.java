package dev.hindsight.incident.webhook;

import dev.hindsight.contract.refusal.Refused;
import dev.hindsight.eventstore.CommandHandler;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.application.IncidentHandler;
import dev.hindsight.incident.application.IncidentHandler.Ordered;
import dev.hindsight.incident.application.IncidentHandler.Telling;
import dev.hindsight.incident.application.Learned;
import dev.hindsight.incident.domain.Incident;
import dev.hindsight.incident.view.ChatQueries;
import dev.hindsight.incident.view.ChatQueries.Talked;
import dev.hindsight.incident.webhook.Deliveries.Outcome;
import dev.hindsight.incident.webhook.WebhookIntake.Taken;
import dev.hindsight.incident.webhook.tool.ChatAnswer;
import dev.hindsight.incident.webhook.tool.ChatOrder;
import dev.hindsight.incident.webhook.tool.ChatOrder.Wish;
import dev.hindsight.incident.webhook.tool.Translation;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Fulfils what somebody asks for in a chat, and answers in the chat's own format: who typed it reads every answer, refusals
 * too, so that nothing but a missing proof is answered otherwise than 200.
 *
 * <p>Whoever may write in the channels of the integration may command, as a responder may; a restricted incident exists only
 * for its participants, here as anywhere.
 */
@ApplicationScoped
class ChatDesk {

    private static final Logger LOG = Logger.getLogger(ChatDesk.class);

    /** Slack gives up after three seconds, and whoever typed it reads that nothing works. */
    private static final Duration PATIENCE = Duration.ofMillis(2_500);

    private final IncidentHandler incidents;
    private final ChatQueries queries;

    ChatDesk(IncidentHandler incidents, ChatQueries queries) {
        this.incidents = incidents;
        this.queries = queries;
    }

    Uni<Taken> take(Arrival arrival, Translation translation, ChatOrder order) {
        UUID deliveryId = arrival.id(translation.deliveryKey());
        Desk desk = new Desk(arrival, translation, order, deliveryId);
        // What has begun goes on: only the answer does not wait for it.
        Uni<Taken> work = desk.work().memoize().indefinitely();
        return work.ifNoItem()
                .after(PATIENCE)
                .recoverWithItem(
                        () -> desk.taken(Outcome.PARKED, "not done within three seconds", List.of(), ChatAnswer.late()))
                .onFailure()
                .recoverWithItem(failure -> {
                    LOG.errorf(failure, "a command of delivery %s failed", deliveryId);
                    return desk.taken(Outcome.PARKED, "a defect of Hindsight", List.of(), ChatAnswer.failed());
                });
    }

    /** One order on its way. */
    private final class Desk {

        private final Arrival arrival;
        private final Translation translation;
        private final ChatOrder order;
        private final UUID deliveryId;
        private Outcome became = Outcome.APPLIED;

        Desk(Arrival arrival, Translation translation, ChatOrder order, UUID deliveryId) {
            this.arrival = arrival;
            this.translation = translation;
            this.order = order;
            this.deliveryId = deliveryId;
        }

        Uni<Taken> work() {
            return switch (order.wish()) {
                case Wish.Help(String because) ->
                    nothing(because == null ? "it asks for help" : because, List.of(), ChatAnswer.help(because));
                case Wish.Declare w ->
                    obey(StreamIds.incident(arrival.integration().id(), translation.deliveryKey()));
                default ->
                    queries.meant(arrival.integration().id(), order.channel().id(), order.person(), order.reference())
                            .chain(this::about);
            };
        }

        private Uni<Taken> about(Optional<Talked> meant) {
            if (meant.isEmpty()) {
                return order.reference() == null
                        ? nothing("the channel belongs to no incident", List.of(), ChatAnswer.noIncident())
                        : nothing("there is no such incident", List.of(), ChatAnswer.unknown(order.reference()));
            }
            Talked incident = meant.get();
            return order.wish() instanceof Wish.Ask
                    ? nothing(
                            "it asks how the incident stands",
                            List.of(incident.id()),
                            ChatAnswer.stands(
                                    incident.reference(), incident.title(), incident.severity(), incident.status()))
                    : obey(incident.id());
        }

        private Uni<Taken> obey(UUID incident) {
            return incidents
                    .inChat(
                            incident,
                            new Ordered(
                                    order.declares(),
                                    reference -> order.commands(
                                            reference, arrival.request().receivedAt())),
                            translation.learned(),
                            arrival.context(deliveryId, order.person()),
                            isNews -> {
                                became = isNews ? Outcome.APPLIED : Outcome.DUPLICATE;
                                return Deliveries.row(
                                        deliveryId,
                                        arrival,
                                        translation.eventType(),
                                        became,
                                        isNews ? null : "nothing changes",
                                        List.of(incident));
                            })
                    .map(outcome -> {
                        Incident after = CommandHandler.only(outcome.states()).state();
                        return taken(
                                became,
                                became == Outcome.APPLIED ? null : "nothing changes",
                                List.of(incident),
                                ChatAnswer.done(order.wish(), after, became == Outcome.APPLIED));
                    })
                    .onFailure(Refused.class)
                    .recoverWithUni(refusal ->
                            nothing("refused: " + refusal.getMessage(), List.of(incident), ChatAnswer.refused((Refused)
                                    refusal)));
        }

        /** The delivery is kept, and nothing changes. */
        private Uni<Taken> nothing(String because, List<UUID> about, ChatAnswer answer) {
            return incidents
                    .observe(new Telling(
                            List.of(),
                            new Learned(),
                            arrival.context(deliveryId, order.person()),
                            none -> Deliveries.row(
                                    deliveryId, arrival, translation.eventType(), Outcome.IGNORED, because, about)))
                    .map(done -> taken(Outcome.IGNORED, because, about, answer));
        }

        Taken taken(Outcome outcome, @Nullable String because, List<UUID> about, ChatAnswer answer) {
            return new Taken(new WebhookAnswer(deliveryId, outcome.name(), because, about), answer.reply());
        }
    }
}
