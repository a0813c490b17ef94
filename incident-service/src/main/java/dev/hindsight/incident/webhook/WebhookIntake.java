package dev.hindsight.incident.webhook;

import dev.hindsight.contract.refusal.Refused;
import dev.hindsight.conventions.problem.NotFound;
import dev.hindsight.eventstore.CommandHandler;
import dev.hindsight.eventstore.Contended;
import dev.hindsight.eventstore.KeyedQueue;
import dev.hindsight.eventstore.KeyedQueue.Waiting;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.application.DeployHandler;
import dev.hindsight.incident.application.IncidentHandler;
import dev.hindsight.incident.application.IncidentHandler.Observation;
import dev.hindsight.incident.application.IncidentHandler.Observations;
import dev.hindsight.incident.application.IncidentHandler.Telling;
import dev.hindsight.incident.application.Learned;
import dev.hindsight.incident.domain.Incident;
import dev.hindsight.incident.view.AlertRows;
import dev.hindsight.incident.view.ChatQueries;
import dev.hindsight.incident.view.DeliveryView;
import dev.hindsight.incident.webhook.AlertGrouping.Route;
import dev.hindsight.incident.webhook.Deliveries.Outcome;
import dev.hindsight.incident.webhook.tool.Integration;
import dev.hindsight.incident.webhook.tool.Provider;
import dev.hindsight.incident.webhook.tool.ToolAdapter;
import dev.hindsight.incident.webhook.tool.ToolFact;
import dev.hindsight.incident.webhook.tool.ToolFact.OfAlert;
import dev.hindsight.incident.webhook.tool.ToolFact.OfChannel;
import dev.hindsight.incident.webhook.tool.ToolFact.OfIncident;
import dev.hindsight.incident.webhook.tool.ToolReply;
import dev.hindsight.incident.webhook.tool.Translation;
import dev.hindsight.incident.webhook.tool.Untranslatable;
import dev.hindsight.incident.webhook.verify.Verdict;
import dev.hindsight.incident.webhook.verify.WebhookRequest;
import io.quarkus.security.AuthenticationFailedException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Takes deliveries: verify, translate, record facts and delivery in one transaction, then answer. */
@ApplicationScoped
public class WebhookIntake {

    private static final Logger LOG = Logger.getLogger(WebhookIntake.class);
    private static final String NOTHING_NEW = "nothing in it is new";
    private static final String DECLARES_NOTHING =
            "there is no such incident, and nobody knows what the tool's word for it means: a mapping's signals may say";

    /** After so long the tool is to send it again: the answer is 503 with Retry-After. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Integrations integrations;
    private final AlertRouting routing;
    private final IncidentHandler incidents;
    private final DeployHandler deploys;
    private final ChatDesk chat;
    private final ChatQueries channels;
    private final Rejections rejections;
    private final WebhookUrls urls;
    /** Alerts of one scope are routed one after the other, so that they do not meet; those that wait meanwhile, together. */
    private final KeyedQueue<Alerting, WebhookAnswer> scopes = new KeyedQueue<>(this::route);

    WebhookIntake(
            Integrations integrations,
            AlertRouting routing,
            IncidentHandler incidents,
            DeployHandler deploys,
            ChatDesk chat,
            ChatQueries channels,
            Rejections rejections,
            WebhookUrls urls) {
        this.integrations = integrations;
        this.routing = routing;
        this.incidents = incidents;
        this.deploys = deploys;
        this.chat = chat;
        this.channels = channels;
        this.rejections = rejections;
        this.urls = urls;
    }

    /**
     * What became of a delivery, and how its tool wants to hear of it.
     *
     * @param reply null where the receipt is the answer
     */
    record Taken(WebhookAnswer receipt, @Nullable ToolReply reply) {}

    /**
     * Takes one delivery.
     *
     * @throws NotFound as a failure, where there is no such integration of that provider
     * @throws AuthenticationFailedException as a failure, where the request does not prove where it comes from; then
     *     nothing of it is kept but that it came
     */
    Uni<Taken> take(Provider provider, UUID integrationId, WebhookRequest request, @Nullable String traceparent) {
        ToolAdapter adapter = provider.adapter();
        return integrations
                .find(integrationId, provider, request.receivedAt())
                .map(found -> found.orElseThrow(() -> new NotFound("integration", integrationId)))
                .chain(integration -> {
                    Verdict verdict = adapter.verification(integration).judge(request, integration.secrets());
                    if (!verdict.isAuthentic()) {
                        return rejections
                                .count(integration, verdict, request.receivedAt())
                                .chain(() -> Uni.createFrom()
                                        .<Taken>failure(new AuthenticationFailedException("not authentic")));
                    }
                    return record(adapter, new Arrival(integration, request, null, traceparent));
                });
    }

    /**
     * Judges a delivery again, as it is on record: after an upgrade that understands it, or once the incident that it belongs
     * to is there. What it told before is known by its facts and told once.
     *
     * @throws NotFound as a failure, where its integration was disconnected
     * @throws Refused as a failure, where nothing of it was kept
     */
    Uni<WebhookAnswer> replay(DeliveryView delivery, @Nullable String traceparent) {
        if (delivery.outcome.equals(Outcome.REJECTED.name())) {
            return Uni.createFrom()
                    .failure(Refused.because(
                            "NOT_KEPT", "It was not authentic, and nothing of it was kept that could be replayed."));
        }
        if (delivery.forgottenAt != null) {
            return Uni.createFrom()
                    .failure(Refused.because(
                            "NO_LONGER_KEPT",
                            "Its headers and body are no longer kept since " + delivery.forgottenAt + "."));
        }
        return integrations
                .find(delivery.integrationId, delivery.receivedAt)
                .map(found -> found.orElseThrow(() -> new NotFound("integration", delivery.integrationId)))
                .chain(integration -> {
                    Provider provider = integration.provider();
                    WebhookRequest request = new WebhookRequest(
                            urls.of(provider, integration.id()),
                            delivery.headers,
                            null,
                            delivery.body,
                            delivery.receivedAt);
                    ToolAdapter adapter = provider.adapter();
                    return record(adapter, new Arrival(integration, request, delivery.id, traceparent));
                })
                .map(Taken::receipt);
    }

    private Uni<Taken> record(ToolAdapter adapter, Arrival arrival) {
        Translation translation;
        try {
            translation = adapter.translate(arrival.integration(), arrival.request());
        } catch (Untranslatable e) {
            return park(arrival, e.getMessage());
        } catch (RuntimeException e) {
            // Sent again and again it would fail again and again, and hold up what comes behind it: PagerDuty keeps
            // order.
            LOG.errorf(
                    e,
                    "a %s delivery for %s meets a defect",
                    arrival.integration().provider(),
                    arrival.integration().id());
            return park(arrival, "a defect of Hindsight: replay it after an upgrade");
        }
        if (translation.order() != null) {
            return chat.take(arrival, translation, translation.order());
        }
        return record(arrival, translation).map(receipt -> new Taken(receipt, translation.reply()));
    }

    private Uni<Taken> park(Arrival arrival, @Nullable String because) {
        return keep(arrival, arrival.request().digest(), null, Outcome.PARKED, because, new Learned())
                .map(receipt -> new Taken(receipt, null));
    }

    private Uni<WebhookAnswer> record(Arrival arrival, Translation translation) {
        if (!translation.deploys().isEmpty()) {
            return observeDeploys(arrival, translation);
        }
        if (translation.facts().isEmpty()) {
            return ignore(arrival, translation, translation.because());
        }
        List<OfAlert> alerts = translation.facts().stream()
                .filter(OfAlert.class::isInstance)
                .map(OfAlert.class::cast)
                .toList();
        if (translation.facts().getFirst() instanceof OfChannel said) {
            return observeChannel(arrival, translation, said);
        }
        if (alerts.isEmpty()) {
            return observe(arrival, translation, Map.of(), null);
        }
        Set<String> keys =
                alerts.stream().map(alert -> alert.scope(arrival.integration())).collect(Collectors.toSet());
        return scopes.run(keys, arrival.integration(), new Alerting(arrival, translation, alerts));
    }

    /** A delivery that tells of alerts. */
    private record Alerting(Arrival arrival, Translation translation, List<OfAlert> alerts) {}

    private Uni<Void> route(List<Waiting<Alerting, WebhookAnswer>> deliveries) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Uni<Void> done = Uni.createFrom().voidItem();
        for (List<Waiting<Alerting, WebhookAnswer>> round :
                AlertGrouping.rounds(deliveries, delivery -> delivery.item().alerts())) {
            done = done.chain(() -> route(round, deadline));
        }
        return done;
    }

    /**
     * All by one look at the database; what the first of them declares takes the others. Where another instance routed an alert
     * in the meantime, it is looked at again.
     */
    private Uni<Void> route(List<Waiting<Alerting, WebhookAnswer>> deliveries, long deadline) {
        List<OfAlert> alerts = deliveries.stream()
                .flatMap(delivery -> delivery.item().alerts().stream())
                .toList();
        Integration integration = deliveries.getFirst().item().arrival().integration();
        return routing.routes(integration, alerts)
                .chain(routes -> record(deliveries, routes))
                .chain(taken -> {
                    if (taken.isEmpty()) {
                        return Uni.createFrom().voidItem();
                    }
                    if (System.nanoTime() < deadline) {
                        return route(taken, deadline);
                    }
                    taken.forEach(delivery -> delivery.fail(new Contended()));
                    return Uni.createFrom().voidItem();
                })
                .onFailure()
                .invoke(failure -> deliveries.forEach(delivery -> delivery.fail(failure)))
                .onFailure()
                .recoverWithNull();
    }

    /** Each is answered, but for those that were routed elsewhere in the meantime: they are what comes back. */
    private Uni<List<Waiting<Alerting, WebhookAnswer>>> record(
            List<Waiting<Alerting, WebhookAnswer>> deliveries, Map<String, Route> routes) {
        List<Observing> observing = deliveries.stream()
                .map(delivery ->
                        observing(delivery.item().arrival(), delivery.item().translation(), routes, null))
                .toList();
        List<Uni<CommandHandler.Outcome<Incident>>> recorded =
                incidents.observe(observing.stream().map(Observing::telling).toList());
        List<Waiting<Alerting, WebhookAnswer>> taken = Collections.synchronizedList(new ArrayList<>());
        List<Uni<Void>> told = new ArrayList<>();
        for (int i = 0; i < deliveries.size(); i++) {
            Waiting<Alerting, WebhookAnswer> delivery = deliveries.get(i);
            Observing one = observing.get(i);
            told.add(recorded.get(i).onItemOrFailure().transform((outcome, failure) -> {
                if (failure == null) {
                    delivery.complete(one.answer());
                } else if (AlertRows.wereTaken(failure)) {
                    taken.add(delivery);
                } else {
                    delivery.fail(failure);
                }
                return null;
            }));
        }
        return Uni.join().all(told).andFailFast().map(all -> taken);
    }

    /** Of what is said where no incident is talked about nothing is kept but that it was said. */
    private Uni<WebhookAnswer> observeChannel(Arrival arrival, Translation translation, OfChannel said) {
        return channels.incidentOf(arrival.integration().id(), said.channel(), said.occurredAt())
                .chain(incident -> incident.isPresent()
                        ? observe(arrival, translation, Map.of(), incident.get())
                        : keep(
                                arrival.withoutBody(),
                                translation.deliveryKey(),
                                translation.eventType(),
                                Outcome.IGNORED,
                                "the channel belongs to no incident; what was said is not kept",
                                new Learned()));
    }

    /** @param talkedAbout the incident of the channel; null where nothing was said in one */
    private Uni<WebhookAnswer> observe(
            Arrival arrival, Translation translation, Map<String, Route> routes, @Nullable UUID talkedAbout) {
        Observing observing = observing(arrival, translation, routes, talkedAbout);
        return incidents.observe(observing.telling()).map(recorded -> observing.answer());
    }

    /** What a delivery tells, and what is answered when it is on record. */
    private record Observing(Telling telling, Result result) {

        WebhookAnswer answer() {
            return result.answer();
        }
    }

    private static Observing observing(
            Arrival arrival, Translation translation, Map<String, Route> routes, @Nullable UUID talkedAbout) {
        Integration integration = arrival.integration();
        List<Observation> observations = new ArrayList<>();
        boolean onlyAttached = true;
        for (ToolFact fact : translation.facts()) {
            Observation observation = observation(translation, integration, fact, routes, talkedAbout);
            if (observation != null) {
                observations.add(observation);
                onlyAttached &= fact instanceof OfAlert of && !route(of, routes).declares();
            }
        }
        if (observations.isEmpty()) {
            return keeping(
                    arrival,
                    translation.deliveryKey(),
                    translation.eventType(),
                    Outcome.IGNORED,
                    "no open incident of the service takes the alert, and the integration declares none",
                    translation.learned());
        }
        UUID deliveryId = arrival.id(translation.deliveryKey());
        Outcome news = onlyAttached ? Outcome.ATTACHED : Outcome.APPLIED;
        Result result = new Result(deliveryId);
        return new Observing(
                new Telling(observations, translation.learned(), arrival.context(deliveryId, null), became -> {
                    result.of(became, news);
                    return Deliveries.row(
                            deliveryId,
                            arrival,
                            translation.eventType(),
                            result.outcome,
                            result.reason,
                            became.incidents());
                }),
                result);
    }

    private Uni<WebhookAnswer> observeDeploys(Arrival arrival, Translation translation) {
        Integration integration = arrival.integration();
        UUID deliveryId = arrival.id(translation.deliveryKey());
        List<DeployHandler.Told> told = translation.deploys().stream()
                .map(report -> new DeployHandler.Told(report.deployId(integration), report.command(integration)))
                .toList();
        Result result = new Result(deliveryId);
        return deploys.observe(
                        told, translation.learned(), arrival.context(deliveryId, translation.actor()), isNews -> {
                            result.outcome = isNews ? Outcome.APPLIED : Outcome.DUPLICATE;
                            result.reason = isNews ? null : NOTHING_NEW;
                            return Deliveries.row(
                                    deliveryId,
                                    arrival,
                                    translation.eventType(),
                                    result.outcome,
                                    result.reason,
                                    List.of());
                        })
                .map(done -> new WebhookAnswer(
                        deliveryId,
                        result.outcome.name(),
                        result.reason,
                        List.of(),
                        told.stream()
                                .map(DeployHandler.Told::deployId)
                                .distinct()
                                .toList()));
    }

    /** What the last attempt found; an attempt that met another writer is made again. */
    private static final class Result {
        private final UUID deliveryId;
        private Outcome outcome = Outcome.DUPLICATE;
        private @Nullable String reason;
        private List<UUID> incidents = List.of();

        /** What tells of no incident that there is, and declared none, says nothing yet. */
        void of(Observations became, Outcome news) {
            incidents = became.incidents();
            if (became.isNews()) {
                outcome = news;
                reason = null;
            } else if (incidents.isEmpty()) {
                outcome = Outcome.IGNORED;
                reason = DECLARES_NOTHING;
            } else {
                outcome = Outcome.DUPLICATE;
                reason = NOTHING_NEW;
            }
        }

        Result(UUID deliveryId) {
            this.deliveryId = deliveryId;
        }

        WebhookAnswer answer() {
            return new WebhookAnswer(deliveryId, outcome.name(), reason, incidents);
        }
    }

    /** Where the fact belongs, and how the tool knows it; null where it belongs nowhere. */
    private static @Nullable Observation observation(
            Translation translation,
            Integration integration,
            ToolFact fact,
            Map<String, Route> routes,
            @Nullable UUID talkedAbout) {
        UUID actor = translation.actor();
        return switch (fact) {
            case OfIncident of ->
                new Observation(
                        StreamIds.incident(integration.id(), of.externalId()),
                        reference -> of.command(integration, of.externalId(), reference, actor),
                        null);
            case OfChannel of ->
                talkedAbout == null
                        ? null
                        : new Observation(
                                talkedAbout,
                                reference -> of.command(integration, of.channel(), reference, actor),
                                null);
            case OfAlert of -> {
                Route route = route(of, routes);
                OfAlert its = of.of(route.occurrence());
                yield route.incident() == null
                        ? null
                        : new Observation(
                                route.incident(),
                                reference -> its.command(integration, route.occurrence(), reference, actor),
                                route.turn());
            }
        };
    }

    private static Route route(OfAlert alert, Map<String, Route> routes) {
        return Objects.requireNonNull(routes.get(alert.alert().key()));
    }

    private Uni<WebhookAnswer> ignore(Arrival arrival, Translation translation, @Nullable String because) {
        return keep(
                translation.talk() ? arrival.withoutBody() : arrival,
                translation.deliveryKey(),
                translation.eventType(),
                Outcome.IGNORED,
                because,
                translation.learned());
    }

    private Uni<WebhookAnswer> keep(
            Arrival arrival,
            String deliveryKey,
            @Nullable String eventType,
            Outcome outcome,
            @Nullable String reason,
            Learned learned) {
        Observing keeping = keeping(arrival, deliveryKey, eventType, outcome, reason, learned);
        return incidents.observe(keeping.telling()).map(recorded -> keeping.answer());
    }

    /** A delivery without facts is kept all the same, with what it says about services and people. */
    private static Observing keeping(
            Arrival arrival,
            String deliveryKey,
            @Nullable String eventType,
            Outcome outcome,
            @Nullable String reason,
            Learned learned) {
        UUID id = arrival.id(deliveryKey);
        Result result = new Result(id);
        result.outcome = outcome;
        result.reason = reason;
        return new Observing(
                new Telling(
                        List.of(),
                        learned,
                        arrival.context(id, null),
                        nothing -> Deliveries.row(id, arrival, eventType, outcome, reason, List.of())),
                result);
    }
}
