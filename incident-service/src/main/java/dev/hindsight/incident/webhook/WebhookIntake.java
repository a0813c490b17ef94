package dev.hindsight.incident.webhook;

import dev.hindsight.conventions.problem.NotFound;
import dev.hindsight.eventstore.CommandContext;
import dev.hindsight.eventstore.Contended;
import dev.hindsight.eventstore.KeyedQueue;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.application.IncidentHandler;
import dev.hindsight.incident.application.IncidentHandler.Observation;
import dev.hindsight.incident.application.Learned;
import dev.hindsight.incident.view.AlertRows;
import dev.hindsight.incident.view.AlertRows.Turn;
import dev.hindsight.incident.webhook.AlertGrouping.Route;
import dev.hindsight.incident.webhook.Deliveries.Outcome;
import dev.hindsight.incident.webhook.tool.Integration;
import dev.hindsight.incident.webhook.tool.Provider;
import dev.hindsight.incident.webhook.tool.ToolAdapter;
import dev.hindsight.incident.webhook.tool.ToolFact;
import dev.hindsight.incident.webhook.tool.ToolFact.OfAlert;
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

    /** After so long the tool is to send it again: the answer is 503 with Retry-After. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Integrations integrations;
    private final AlertRouting routing;
    private final IncidentHandler incidents;
    /** Alerts of one service are routed one after the other, so that they do not meet: a hint for speed. */
    private final KeyedQueue services = new KeyedQueue();

    WebhookIntake(Integrations integrations, AlertRouting routing, IncidentHandler incidents) {
        this.integrations = integrations;
        this.routing = routing;
        this.incidents = incidents;
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
     *     nothing of it is kept
     */
    Uni<Taken> take(Provider provider, UUID integrationId, WebhookRequest request, @Nullable String traceparent) {
        ToolAdapter adapter = provider.adapter().orElseThrow(() -> new NotFound("provider", provider.wireName()));
        return integrations
                .find(integrationId, provider, request.receivedAt())
                .map(found -> found.orElseThrow(() -> new NotFound("integration", integrationId)))
                .chain(integration -> {
                    Verdict verdict = adapter.verification(integration).judge(request, integration.secrets());
                    if (!verdict.isAuthentic()) {
                        LOG.infof(
                                "a %s delivery for %s is refused: %s",
                                provider.wireName(), integrationId, verdict.because());
                        return Uni.createFrom().failure(new AuthenticationFailedException("not authentic"));
                    }
                    return record(adapter, integration, request, traceparent);
                });
    }

    private Uni<Taken> record(
            ToolAdapter adapter, Integration integration, WebhookRequest request, @Nullable String traceparent) {
        Translation translation;
        try {
            translation = adapter.translate(integration, request);
        } catch (Untranslatable e) {
            return park(integration, request, e.getMessage(), traceparent);
        } catch (RuntimeException e) {
            // Sent again and again it would fail again and again, and hold up what comes behind it: PagerDuty keeps
            // order.
            LOG.errorf(e, "a %s delivery for %s meets a defect", integration.provider(), integration.id());
            return park(integration, request, "a defect of Hindsight: replay it after an upgrade", traceparent);
        }
        return record(integration, request, translation, traceparent)
                .map(receipt -> new Taken(receipt, translation.reply()));
    }

    private Uni<Taken> park(
            Integration integration, WebhookRequest request, @Nullable String because, @Nullable String traceparent) {
        return keep(integration, request, request.digest(), null, Outcome.PARKED, because, new Learned(), traceparent)
                .map(receipt -> new Taken(receipt, null));
    }

    private Uni<WebhookAnswer> record(
            Integration integration, WebhookRequest request, Translation translation, @Nullable String traceparent) {
        if (translation.facts().isEmpty()) {
            return keep(
                    integration,
                    request,
                    translation.deliveryKey(),
                    translation.eventType(),
                    Outcome.IGNORED,
                    translation.because(),
                    translation.learned(),
                    traceparent);
        }
        List<OfAlert> alerts = translation.facts().stream()
                .filter(OfAlert.class::isInstance)
                .map(OfAlert.class::cast)
                .toList();
        if (alerts.isEmpty()) {
            return observe(integration, request, translation, Map.of(), traceparent);
        }
        Set<String> keys = alerts.stream()
                .map(alert -> Objects.requireNonNullElse(alert.service(), ""))
                .collect(Collectors.toSet());
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        return services.run(keys, () -> route(integration, request, translation, alerts, traceparent, deadline));
    }

    /** Where another instance routed an alert in the meantime, it is looked at again. */
    private Uni<WebhookAnswer> route(
            Integration integration,
            WebhookRequest request,
            Translation translation,
            List<OfAlert> alerts,
            @Nullable String traceparent,
            long deadline) {
        return routing.routes(integration, alerts)
                .chain(routes -> observe(integration, request, translation, routes, traceparent))
                .onFailure(AlertRows::wereTaken)
                .recoverWithUni(() -> System.nanoTime() < deadline
                        ? route(integration, request, translation, alerts, traceparent, deadline)
                        : Uni.createFrom().failure(new Contended()));
    }

    private Uni<WebhookAnswer> observe(
            Integration integration,
            WebhookRequest request,
            Translation translation,
            Map<String, Route> routes,
            @Nullable String traceparent) {
        UUID deliveryId = StreamIds.delivery(integration.id(), translation.deliveryKey());
        List<Observation> observations = new ArrayList<>();
        boolean onlyAttached = true;
        for (ToolFact fact : translation.facts()) {
            Observation observation = observation(integration, fact, routes);
            if (observation != null) {
                observations.add(observation);
                onlyAttached &= fact instanceof OfAlert of && !route(of, routes).declares();
            }
        }
        if (observations.isEmpty()) {
            return keep(
                    integration,
                    request,
                    translation.deliveryKey(),
                    translation.eventType(),
                    Outcome.IGNORED,
                    "no open incident of the service takes the alert, and the integration declares none",
                    translation.learned(),
                    traceparent);
        }
        CommandContext context = context(integration, deliveryId, translation.actor(), request, traceparent);
        Outcome news = onlyAttached ? Outcome.ATTACHED : Outcome.APPLIED;
        Result result = new Result();
        return incidents
                .observe(observations, translation.learned(), context, became -> {
                    result.outcome = became.isNews() ? news : Outcome.DUPLICATE;
                    result.incidents = became.incidents();
                    return Deliveries.row(
                            deliveryId,
                            integration,
                            request,
                            translation.eventType(),
                            result.outcome,
                            became.isNews() ? null : NOTHING_NEW,
                            became.incidents());
                })
                .map(done -> new WebhookAnswer(
                        deliveryId,
                        result.outcome.name(),
                        result.outcome == Outcome.DUPLICATE ? NOTHING_NEW : null,
                        result.incidents));
    }

    /** What the last attempt found; an attempt that met another writer is made again. */
    private static final class Result {
        private Outcome outcome = Outcome.DUPLICATE;
        private List<UUID> incidents = List.of();
    }

    /** Where the fact belongs, and how the tool knows it; null where it belongs nowhere. */
    private static @Nullable Observation observation(
            Integration integration, ToolFact fact, Map<String, Route> routes) {
        return switch (fact) {
            case OfIncident of ->
                observation(
                        integration, of, StreamIds.incident(integration.id(), of.externalId()), of.externalId(), null);
            case OfAlert of -> {
                Route route = route(of, routes);
                yield route.incident() == null
                        ? null
                        : observation(
                                integration,
                                of.of(route.occurrence()),
                                route.incident(),
                                route.occurrence(),
                                route.turn());
            }
        };
    }

    private static Observation observation(
            Integration integration, ToolFact fact, UUID incidentId, String externalId, @Nullable Turn turn) {
        return new Observation(incidentId, reference -> fact.command(integration, externalId, reference), turn);
    }

    private static Route route(OfAlert alert, Map<String, Route> routes) {
        return Objects.requireNonNull(routes.get(alert.alert().key()));
    }

    /** A delivery without facts is kept all the same, with what it says about services and people. */
    private Uni<WebhookAnswer> keep(
            Integration integration,
            WebhookRequest request,
            String deliveryKey,
            @Nullable String eventType,
            Outcome outcome,
            @Nullable String reason,
            Learned learned,
            @Nullable String traceparent) {
        UUID id = StreamIds.delivery(integration.id(), deliveryKey);
        return incidents
                .observe(
                        List.of(),
                        learned,
                        context(integration, id, null, request, traceparent),
                        nothing -> Deliveries.row(id, integration, request, eventType, outcome, reason, List.of()))
                .map(done -> new WebhookAnswer(id, outcome.name(), reason, List.of()));
    }

    private static CommandContext context(
            Integration integration,
            UUID deliveryId,
            @Nullable UUID actor,
            WebhookRequest request,
            @Nullable String traceparent) {
        CommandContext byTool =
                CommandContext.delivery(integration.id(), deliveryId, request.receivedAt(), traceparent);
        return actor == null
                ? byTool
                : new CommandContext(
                        actor.toString(), byTool.source(), byTool.now(), null, null, deliveryId, traceparent);
    }
}
