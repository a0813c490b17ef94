package dev.hindsight.incident.webhook.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hindsight.contract.Observed;
import dev.hindsight.incident.application.Learned;
import dev.hindsight.incident.webhook.tool.ToolFact.OfIncident;
import dev.hindsight.incident.webhook.verify.SharedSecret;
import dev.hindsight.incident.webhook.verify.StandardWebhooksSignature;
import dev.hindsight.incident.webhook.verify.Verification;
import dev.hindsight.incident.webhook.verify.WebhookRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Any other tool: CloudEvents, or JSON that the integration's {@link GenericMapping} reads. What it tells maps one to one to
 * incidents, by the external id.
 *
 * <p>A tool that signs does it by Standard Webhooks, with a secret that begins with {@code whsec_}; one that does not sends the
 * secret as bearer token, Basic password or last path segment.
 */
final class Generic implements ToolAdapter {

    private static final int MOST_MESSAGES = 500;
    private static final Observed NOTHING_SEEN = new Observed(null, null, List.of(), null, null);
    private static final Verification SIGNED = new StandardWebhooksSignature();
    private static final Verification SHARED = new SharedSecret();

    /** Only a secret that was made to sign with is one: read as base64, another one might be a key that is easily guessed. */
    private static final Verification EITHER = (request, secrets) -> SHARED.judge(request, secrets)
            .or(SIGNED.judge(
                    request,
                    secrets.stream()
                            .filter(secret -> secret.startsWith("whsec_"))
                            .toList()));

    @Override
    public Verification verification(Integration integration) {
        return EITHER;
    }

    @Override
    public Translation translate(Integration integration, WebhookRequest request) {
        GenericMapping mapping = integration.mapping();
        if (CloudEvents.isOne(request)) {
            Reading reading =
                    new Reading(integration, request, mapping == null ? GenericMapping.OF_CLOUD_EVENTS : mapping);
            List<JsonNode> events = CloudEvents.of(request);
            for (JsonNode event : events) {
                reading.message(event, CloudEvents.identity(event), Fields.time(event.path("time")));
            }
            JsonNode only = events.size() == 1 ? events.getFirst() : null;
            return reading.translation(
                    only == null ? request.digest() : CloudEvents.identity(only),
                    only == null ? null : Fields.name(only.path("type")));
        }
        if (mapping == null) {
            throw new Untranslatable("not a CloudEvent, and the integration has no mapping for other JSON");
        }
        JsonNode body = Bodies.json(request);
        String id = StandardWebhooksSignature.either(request, "id");
        String key = id == null ? request.digest() : id;
        Reading reading = new Reading(integration, request, mapping);
        if (mapping.each() == null) {
            reading.message(body, Fields.idOr(GenericMapping.find(mapping.deliveryId(), body), key), null);
        } else {
            int place = 0;
            for (JsonNode each : bounded(GenericMapping.find(mapping.each(), body))) {
                reading.message(
                        each, Fields.idOr(GenericMapping.find(mapping.deliveryId(), each), key + '|' + place++), null);
            }
        }
        return reading.translation(key, Fields.name(GenericMapping.find(mapping.signal(), body)));
    }

    /**
     * What a delivery carries, if that is not too much to be read at once.
     *
     * @throws Untranslatable where it is: nothing of it is read then, and all of it kept
     */
    static JsonNode bounded(JsonNode messages) {
        if (messages.size() > MOST_MESSAGES) {
            throw new Untranslatable("it carries " + messages.size() + " messages, and at most " + MOST_MESSAGES
                    + " are read from one delivery: let the tool send fewer at once");
        }
        return messages;
    }

    /** One delivery, of one message or several. */
    private static final class Reading {

        private final Integration integration;
        private final WebhookRequest request;
        private final GenericMapping mapping;
        private final Learned learned = new Learned();
        private final List<ToolFact> facts = new ArrayList<>();

        Reading(Integration integration, WebhookRequest request, GenericMapping mapping) {
            this.integration = integration;
            this.request = request;
            this.mapping = mapping;
        }

        Translation translation(String deliveryKey, @Nullable String type) {
            return facts.isEmpty()
                    ? Translation.nothing(
                            deliveryKey, type, "it names no incident, or its signal is to be ignored", learned)
                    : Translation.of(deliveryKey, type, null, facts, learned);
        }

        void message(JsonNode message, String key, @Nullable Instant said) {
            String id = Fields.id(GenericMapping.find(mapping.externalId(), message));
            String word = Fields.name(GenericMapping.find(mapping.signal(), message));
            Optional<MappedSignal> meaning = mapping.meaning(word);
            MappedSignal means = meaning.orElse(MappedSignal.NOTED);
            if (id == null || means == MappedSignal.IGNORED) {
                return;
            }
            Instant at = Fields.timeOr(
                    GenericMapping.find(mapping.occurredAt(), message), said == null ? request.receivedAt() : said);
            String name = Fields.name(GenericMapping.find(mapping.title(), message));
            String title = name == null ? "Incident " + id : name;
            Map<MappedSignal, String> milestones = mapping.milestones() == null ? Map.of() : mapping.milestones();
            boolean toldByItsTime = milestones.containsKey(means)
                    && Fields.time(GenericMapping.find(milestones.get(means), message)) != null;
            MappedSignal own = toldByItsTime ? MappedSignal.NOTED : means;
            Observed seen = observed(message, name);
            String text = Fields.text(GenericMapping.find(mapping.text(), message));
            // One of its milestones declares it, whatever the word.
            boolean mayDeclare = meaning.isPresent()
                    || milestones.values().stream()
                            .anyMatch(time -> Fields.time(GenericMapping.find(time, message)) != null);
            facts.add(new OfIncident(
                    id,
                    key,
                    own.signal(word == null ? means.name() : word, text, seen),
                    at,
                    own.sourceOrder(),
                    title,
                    at,
                    mayDeclare,
                    null));
            for (MappedSignal milestone : MappedSignal.values()) {
                Instant time = Fields.time(GenericMapping.find(milestones.get(milestone), message));
                if (time != null) {
                    facts.add(new OfIncident(
                            id,
                            id + '|' + milestone + '|' + time,
                            milestone.signal(milestone.name(), null, NOTHING_SEEN),
                            time,
                            milestone.sourceOrder(),
                            title,
                            Fields.earlier(time, at)));
                }
            }
        }

        private Observed observed(JsonNode message, @Nullable String title) {
            Set<String> services = new LinkedHashSet<>();
            JsonNode said = GenericMapping.find(mapping.services(), message);
            for (JsonNode each : said.isArray() ? said : List.of(said)) {
                String name = Fields.name(each);
                if (name != null) {
                    services.add(name);
                }
            }
            if (services.isEmpty() && integration.defaultService() != null) {
                services.add(integration.defaultService());
            }
            learned.services(services);
            return new Observed(
                    title,
                    integration.severity(Fields.name(GenericMapping.find(mapping.severity(), message))),
                    List.copyOf(services),
                    null,
                    Fields.url(GenericMapping.find(mapping.url(), message)));
        }
    }

    @Override
    public List<String> setupSteps(String url) {
        return List.of(
                "Let the tool send JSON or CloudEvents by HTTP POST to " + url + ".",
                "If it signs by Standard Webhooks, store its secret (whsec_…) here; else let it send this integration's secret as"
                        + " Authorization: Bearer, as Basic password, or append it to the URL as /<secret>.",
                "For anything but CloudEvents that name their incident as subject, give a mapping with PATCH"
                        + " /api/v1/integrations/{id} {\"mapping\": {\"externalId\": \"…\", …}}.",
                "Try it without effect: POST /api/v1/integrations/{id}/dry-run {\"sample\": …} shows what a delivery would say.",
                "Send one; the delivery appears under GET /api/v1/deliveries.");
    }
}
