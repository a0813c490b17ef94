package dev.hindsight.incident.subscription;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hindsight.contract.PostmortemEvent;
import dev.hindsight.contract.Vocabulary;
import java.net.URI;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What people read in Slack: {@code text} for notifications, {@code blocks} for the channel, as an incoming webhook takes it. No
 * person is named.
 */
final class SlackMessage {

    private static final String PUBLISHED = Vocabulary.wireNameOf(PostmortemEvent.Published.class);
    private static final Set<String> TYPES =
            Set.of(PUBLISHED, OverdueNotices.POSTMORTEM_OVERDUE, OverdueNotices.ITEM_OVERDUE);
    private static final int LONGEST = 300;

    private static final JsonMapper JSON = new JsonMapper();

    private SlackMessage() {}

    /** Whether there is a message for events of that type. */
    static boolean isFor(String type) {
        return TYPES.contains(type);
    }

    /** An incident, as people know it. */
    record About(UUID id, String reference, String title, String severity) {}

    /**
     * The message.
     *
     * @param data of the event
     * @param about null where the incident is not known here
     * @param postmortems where a browser reaches the postmortem-service
     * @throws IllegalArgumentException for a type without a message
     */
    static byte[] of(String type, JsonNode data, @Nullable About about, URI postmortems, URI items) {
        String incident = about == null ? "an incident" : about.reference() + " " + about.title();
        String severity = about == null ? "" : about.severity() + " · ";
        String postmortem = about == null ? "" : address(postmortems, "/api/v1/postmortems/" + about.id());
        String head;
        String detail;
        String link;
        String linkText;
        if (type.equals(PUBLISHED)) {
            int revision = data.path("revision").asInt(1);
            head = "Postmortem published: " + incident;
            detail = severity + (revision > 1 ? "revision " + revision : hours(data) + " after the resolution");
            link = postmortem;
            linkText = "Read it";
        } else if (type.equals(OverdueNotices.POSTMORTEM_OVERDUE)) {
            head = "Postmortem overdue: " + incident;
            detail = severity + "the draft was due " + data.path("dueAt").asText();
            link = postmortem;
            linkText = "Go on with it";
        } else if (type.equals(OverdueNotices.ITEM_OVERDUE)) {
            head = "Action item overdue: " + data.path("reference").asText() + " "
                    + data.path("title").asText();
            detail = severity + "due " + data.path("dueDate").asText()
                    + (data.hasNonNull("priority")
                            ? ", priority " + data.path("priority").asText()
                            : "") + ", follows from "
                    + incident;
            link = address(
                    items, "/api/v1/action-items/" + data.path("actionItem").asText());
            linkText = "Open it";
        } else {
            throw new IllegalArgumentException("there is no Slack message for " + type);
        }
        ObjectNode message = JSON.createObjectNode().put("text", escaped(head));
        var blocks = message.putArray("blocks");
        section(blocks.addObject(), "*" + escaped(head) + "*\n" + escaped(detail));
        if (!link.isEmpty()) {
            section(blocks.addObject(), "<" + link + "|" + linkText + ">");
        }
        return Payload.bytes(message);
    }

    private static void section(ObjectNode block, String text) {
        block.put("type", "section").putObject("text").put("type", "mrkdwn").put("text", text);
    }

    private static String hours(JsonNode data) {
        long hours = Math.round(data.path("hoursAfterResolution").asDouble());
        return hours == 1 ? "1 hour" : hours + " hours";
    }

    private static String address(URI base, String path) {
        return base.toString().replaceAll("/+$", "") + path;
    }

    /** As Slack asks for it; nothing in a text becomes a mention or a link. */
    private static String escaped(String text) {
        String shortened = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
        return shortened
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                // A zero-width space: stars and tildes of a title are no formatting.
                .replaceAll("([*_~`])", "\u200B$1");
    }
}
