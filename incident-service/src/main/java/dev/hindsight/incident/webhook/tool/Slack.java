package dev.hindsight.incident.webhook.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.hindsight.contract.Observed;
import dev.hindsight.incident.application.Learned;
import dev.hindsight.incident.domain.ChatChannel;
import dev.hindsight.incident.domain.Signal;
import dev.hindsight.incident.webhook.verify.SlackSignature;
import dev.hindsight.incident.webhook.verify.Verification;
import dev.hindsight.incident.webhook.verify.WebhookRequest;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Slack's slash commands, and what is said and pinned in the channel of an incident.
 *
 * <p>Signed over time and raw body, also the handshake and {@code ssl_check}. A command comes once, as a form, and its answer
 * is read by who typed it; {@code trigger_id} identifies it. Events are sent again, with the same {@code event_id}, where the
 * answer is not 2xx within 3 s; one message has been seen as several events of different ids, so that what counts is channel
 * and time: together they name a message in Slack, and a mention of the app is the message that mentions it.
 *
 * <p>What bots say is left out: our own answers are among it. Edited and deleted messages stay as they were said first: the
 * timeline is a record. A channel belongs to an incident because a command said so, see {@link ChatOrder}.
 */
final class Slack implements ToolAdapter {

    static final String TOOL = "slack";

    private static final Observed NOTHING_SEEN = new Observed(null, null, List.of(), null, null);

    /** A message that somebody said; other subtypes tell of the channel, or of changes to a message. */
    private static final Set<String> SAID = Set.of("", "file_share", "thread_broadcast", "me_message");

    @Override
    public Verification verification(Integration integration) {
        return new SlackSignature();
    }

    @Override
    public Translation translate(Integration integration, WebhookRequest request) {
        if (request.isForm()) {
            return form(integration, request, request.form());
        }
        JsonNode body = Bodies.object(request);
        String type = Fields.name(body.path("type"));
        if (type == null) {
            throw new Untranslatable("neither a Slack event nor a command: it has no \"type\"");
        }
        return switch (type) {
            case "url_verification" ->
                Translation.nothing(request.digest(), type, "the address is verified")
                        .answered(new ToolReply(200, "text/plain", Fields.textOr(body.path("challenge"), "")));
            case "event_callback" -> event(request, body);
            default -> Translation.nothing(request.digest(), type, type + " says nothing about an incident");
        };
    }

    // -------------------------------------------------------------------------------------------------- commands

    private static Translation form(Integration integration, WebhookRequest request, Map<String, String> form) {
        if (form.containsKey("ssl_check")) {
            return Translation.nothing(request.digest(), "ssl_check", "Slack looks at the certificate")
                    .answered(new ToolReply(200, "text/plain", ""));
        }
        String command = form.get("command");
        String channel = Fields.id(node(form, "channel_id"));
        String user = Fields.id(node(form, "user_id"));
        if (command == null) {
            return Translation.nothing(request.digest(), "interaction", "nothing of ours can be pressed")
                    .answered(new ToolReply(200, "text/plain", ""));
        }
        if (channel == null || user == null) {
            throw new Untranslatable("not a Slack command: it has no \"channel_id\" or no \"user_id\"");
        }
        Learned learned = new Learned();
        UUID person = learned.person(TOOL, user, Fields.name(node(form, "user_name")));
        String name = Fields.name(node(form, "channel_name"));
        SlashCommand.Read read = SlashCommand.read(integration, learned, person, Fields.textOr(node(form, "text"), ""));
        ChatOrder order = new ChatOrder(
                new ChatChannel(TOOL, integration.id(), channel, isNoName(name) ? null : name),
                person,
                read.reference(),
                read.wish());
        String verb = read.wish().getClass().getSimpleName().toLowerCase(Locale.ROOT);
        return Translation.ofOrder(
                Fields.idOr(node(form, "trigger_id"), request.digest()), command + "." + verb, order, learned);
    }

    /** Slack calls every private channel and conversation the same. */
    private static boolean isNoName(@Nullable String name) {
        return name == null || name.equals("privategroup") || name.equals("directmessage");
    }

    private static JsonNode node(Map<String, String> form, String field) {
        return TextNode.valueOf(form.getOrDefault(field, ""));
    }

    // ---------------------------------------------------------------------------------------------------- events

    private static Translation event(WebhookRequest request, JsonNode body) {
        JsonNode event = body.path("event");
        String type = Fields.nameOr(event.path("type"), "unknown");
        String deliveryKey = Fields.idOr(body.path("event_id"), request.digest());
        return (switch (type) {
                    case "message", "app_mention" -> message(deliveryKey, type, body, event);
                    case "pin_added" -> pin(deliveryKey, type, body, event);
                    default -> Translation.nothing(deliveryKey, type, type + " belongs to no timeline");
                })
                .asTalk();
    }

    private static Translation message(String deliveryKey, String type, JsonNode body, JsonNode event) {
        String subtype = Fields.textOr(event.path("subtype"), "");
        String user = Fields.id(event.path("user"));
        String channel = Fields.id(event.path("channel"));
        Instant at = Fields.time(event.path("ts"));
        String text = Fields.text(event.path("text"));
        if (!SAID.contains(subtype)) {
            return Translation.nothing(deliveryKey, type + "." + subtype, "it is nothing that somebody said");
        }
        if (user == null || event.has("bot_id")) {
            return Translation.nothing(deliveryKey, type, "no person said it");
        }
        if (channel == null || at == null || text == null) {
            return Translation.nothing(deliveryKey, type, "it has no text, time or channel");
        }
        Learned learned = new Learned();
        return Translation.of(
                deliveryKey,
                type,
                learned.person(TOOL, user, null),
                List.of(fact(
                        body,
                        channel,
                        event,
                        "message",
                        at,
                        new Signal.Posted(SlackText.plain(text), "Slack", NOTHING_SEEN))),
                learned);
    }

    private static Translation pin(String deliveryKey, String type, JsonNode body, JsonNode event) {
        JsonNode message = event.path("item").path("message");
        String channel = Fields.id(event.path("channel_id"));
        String text = Fields.text(message.path("text"));
        if (channel == null || text == null) {
            return Translation.nothing(deliveryKey, type, "no message was pinned");
        }
        String user = Fields.id(event.path("user"));
        Learned learned = new Learned();
        Instant at = Fields.time(event.path("event_ts"));
        return Translation.of(
                deliveryKey,
                type,
                user == null ? null : learned.person(TOOL, user, null),
                List.of(fact(
                        body,
                        channel,
                        message,
                        "pin",
                        at == null ? Fields.timeOr(message.path("ts"), Instant.EPOCH) : at,
                        new Signal.Decided(SlackText.plain(text), NOTHING_SEEN))),
                learned);
    }

    private static ToolFact fact(
            JsonNode body, String channel, JsonNode message, String what, Instant at, Signal signal) {
        String key = String.join(
                "|",
                Fields.idOr(body.path("team_id"), ""),
                channel,
                Fields.idOr(message.path("ts"), at.toString()),
                what);
        return new ToolFact.OfChannel(channel, key, signal, at, 1);
    }

    @Override
    public List<String> setupSteps(String url) {
        return List.of(
                "At api.slack.com/apps, create an app in your workspace; its Signing Secret (Basic Information) is the"
                        + " secret of this integration.",
                "Under Slash Commands create /inc with the request URL " + url
                        + ", and tick \"Escape channels, users, and links\".",
                "Under OAuth & Permissions add the scopes commands, channels:history, groups:history and pins:read.",
                "Under Event Subscriptions paste " + url
                        + " as the request URL (Slack verifies it at once) and subscribe to the bot events message.channels,"
                        + " message.groups and pin_added.",
                "Install the app, and invite it into the channels of incidents.",
                "Type /inc declare sev3 Trying Hindsight in a channel: the answer names the incident. What is said and pinned"
                        + " there from then on is in its timeline; what is said elsewhere is not kept.");
    }
}
