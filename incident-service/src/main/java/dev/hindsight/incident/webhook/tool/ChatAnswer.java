package dev.hindsight.incident.webhook.tool;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Visibility;
import dev.hindsight.contract.refusal.Refused;
import dev.hindsight.incident.domain.Incident;
import dev.hindsight.incident.webhook.tool.ChatOrder.Wish;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An answer in Slack's format.
 *
 * @param toAll whether everybody in the channel reads it, or only who asked
 * @param text in Slack's markup
 */
public record ChatAnswer(boolean toAll, String text) {

    private static final JsonMapper JSON = new JsonMapper();

    /**
     * What was done, for all in the channel to read: they work on it together. Of a restricted incident only who asked is
     * told, as nobody knows who else reads along.
     */
    public static ChatAnswer done(Wish wish, Incident incident, boolean isNews) {
        ChatAnswer answer = told(wish, incident, isNews);
        return incident.visibility() == Visibility.RESTRICTED ? new ChatAnswer(false, answer.text()) : answer;
    }

    private static ChatAnswer told(Wish wish, Incident incident, boolean isNews) {
        String reference = "*" + Objects.requireNonNull(incident.declaration()).reference() + "*";
        if (!isNews) {
            return new ChatAnswer(false, reference + " is so already; nothing changes.");
        }
        String title = escaped(incident.currentTitle());
        return switch (wish) {
            case Wish.Declare w ->
                new ChatAnswer(
                        true,
                        reference + " is declared as " + incident.severity() + ": " + title
                                + "\nThis channel belongs to it: what is said and pinned here is in its timeline.");
            case Wish.Link w ->
                new ChatAnswer(
                        true,
                        "This channel belongs to " + reference + ": " + title
                                + "\nWhat is said and pinned here is in its timeline.");
            case Wish.Acknowledge w -> new ChatAnswer(true, reference + " is acknowledged.");
            case Wish.Assign w -> new ChatAnswer(true, reference + ": " + inWords(w.role()) + " is assigned.");
            case Wish.ChangeSeverity w -> new ChatAnswer(true, reference + " is " + incident.severity() + " now.");
            case Wish.Escalate w -> new ChatAnswer(true, reference + " is escalated.");
            case Wish.Mitigate w -> new ChatAnswer(true, reference + " is mitigated.");
            case Wish.Resolve w ->
                new ChatAnswer(true, reference + " is resolved. The draft of its postmortem is open.");
            case Wish.Note w -> new ChatAnswer(false, "Noted in " + reference + ".");
            case Wish.Pin w -> new ChatAnswer(true, reference + ", decided: " + escaped(w.text()));
            case Wish.UpdateStatus w -> new ChatAnswer(true, reference + ": " + escaped(w.text()));
            case Wish.Ask w -> new ChatAnswer(false, reference);
            case Wish.Help w -> help(w.because());
        };
    }

    /** How an incident stands, for who asked. */
    public static ChatAnswer stands(String reference, String title, Severity severity, IncidentStatus status) {
        return new ChatAnswer(
                false, "*" + reference + "* " + severity + ", " + inWords(status.name()) + ": " + escaped(title));
    }

    /** @param because what was not understood */
    public static ChatAnswer help(@Nullable String because) {
        return new ChatAnswer(
                false,
                (because == null ? "" : "That was not understood: " + escaped(because) + ".\n") + SlashCommand.USAGE);
    }

    public static ChatAnswer noIncident() {
        return new ChatAnswer(
                false,
                "This channel belongs to no incident that you take part in: `/inc declare sev3 TITLE` or `/inc link INC-42`.");
    }

    public static ChatAnswer unknown(String reference) {
        return new ChatAnswer(false, "There is no incident " + reference + ".");
    }

    /** With every reason. */
    public static ChatAnswer refused(Refused refusal) {
        StringBuilder text = new StringBuilder("That is not possible:");
        refusal.reasons().forEach(reason -> text.append("\n• ").append(escaped(reason.message())));
        return new ChatAnswer(false, text.toString());
    }

    public static ChatAnswer late() {
        return new ChatAnswer(false, "This takes longer than Slack waits. `/inc status` tells whether it is done.");
    }

    public static ChatAnswer failed() {
        return new ChatAnswer(false, "That failed, and was not your fault. Please try again in a moment.");
    }

    /** As Slack wants to hear it. */
    public ToolReply reply() {
        return new ToolReply(
                200,
                "application/json",
                JSON.createObjectNode()
                        .put("response_type", toAll ? "in_channel" : "ephemeral")
                        .put("text", text)
                        .toString());
    }

    /** Nobody's text mentions a channel or makes a link in ours. */
    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String inWords(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
