package dev.hindsight.incident.webhook.tool;

import dev.hindsight.contract.Severity;
import dev.hindsight.incident.application.Learned;
import dev.hindsight.incident.webhook.tool.ChatOrder.Wish;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind {@code /inc}: a verb, perhaps the reference of an incident, and the rest. Nothing is guessed: what is not
 * understood is answered with what can be asked for.
 */
final class SlashCommand {

    /** What can be asked for, a line each. */
    static final String USAGE = """
            `/inc declare [sev0–sev4] [service:NAME] TITLE` declares an incident; this channel belongs to it then
            `/inc link INC-42` this channel belongs to that incident
            `/inc ack` · `/inc mitigate [TEXT]` · `/inc resolve [TEXT]`
            `/inc assign [commander|communications|operations|scribe] [@PERSON]` yourself, where nobody is named
            `/inc severity sev1 [REASON]` · `/inc escalate [@PERSON] [TEXT]`
            `/inc note TEXT` · `/inc pin DECISION` · `/inc status [TEXT]` tells how it stands, or tells others
            Behind the verb may stand the reference of another incident: `/inc ack INC-42`""";

    private static final Pattern REFERENCE = Pattern.compile("(?i)inc-[0-9]{1,18}");
    private static final Pattern SEVERITY = Pattern.compile("(?i)(sev-?|p)[0-5]");
    private static final Pattern SERVICE = Pattern.compile("(?i)(service|svc|on):(\\S{1,200})");
    private static final Pattern PERSON = Pattern.compile("<@([UW][A-Z0-9]{1,30})(?:\\|([^>]{0,200}))?>");

    private final Integration integration;
    private final Learned learned;
    private final UUID speaker;
    private String rest;

    private SlashCommand(Integration integration, Learned learned, UUID speaker, String text) {
        this.integration = integration;
        this.learned = learned;
        this.speaker = speaker;
        this.rest = text.strip();
    }

    /** What is wanted of which incident; its reference is null where it is that of the channel. */
    record Read(@Nullable String reference, Wish wish) {}

    /** Reads the text behind the command, as Slack sends it: people and addresses in angle brackets. */
    static Read read(Integration integration, Learned learned, UUID speaker, String text) {
        return new SlashCommand(integration, learned, speaker, text).read();
    }

    private Read read() {
        String verb = word();
        String reference = next(REFERENCE);
        Wish wish =
                switch (verb.toLowerCase(Locale.ROOT)) {
                    case "declare", "new", "open" -> declare();
                    case "link" ->
                        reference == null ? new Wish.Help("say which one: `/inc link INC-42`") : new Wish.Link();
                    case "ack", "acknowledge" -> new Wish.Acknowledge();
                    case "assign" -> assign();
                    case "severity", "sev" -> severity();
                    case "escalate" -> new Wish.Escalate(person(), text());
                    case "mitigate", "mitigated" -> new Wish.Mitigate(text());
                    case "resolve", "resolved" -> new Wish.Resolve(text());
                    case "note" -> said("a note needs a text", Wish.Note::new);
                    case "pin" -> said("say what was decided", Wish.Pin::new);
                    case "status" -> rest.isEmpty() ? new Wish.Ask() : said("", Wish.UpdateStatus::new);
                    case "", "help" -> new Wish.Help(null);
                    default -> new Wish.Help("there is no `" + verb.replace("`", "") + "`");
                };
        return new Read(reference == null ? null : reference.toUpperCase(Locale.ROOT), wish);
    }

    private Wish declare() {
        Severity severity = integration.defaultSeverity();
        List<String> services = new ArrayList<>();
        while (true) {
            String word = next(SEVERITY);
            Severity said = integration.severity(word);
            if (said != null) {
                severity = said;
                continue;
            }
            String service = next(SERVICE);
            if (service == null) {
                break;
            }
            services.add(service.substring(service.indexOf(':') + 1));
        }
        if (services.isEmpty() && integration.defaultService() != null) {
            services.add(integration.defaultService());
        }
        services.forEach(service -> learned.service(service, null, null, null));
        String title = text();
        return title == null
                ? new Wish.Help("an incident needs a title")
                : new Wish.Declare(
                        Fields.shortened(title),
                        severity,
                        services.stream().distinct().toList());
    }

    private Wish assign() {
        UUID first = person();
        StringBuilder role = new StringBuilder();
        UUID person = first;
        while (!rest.isEmpty() && person == null) {
            role.append(role.isEmpty() ? "" : " ").append(word());
            person = person();
        }
        if (first != null && !rest.isEmpty()) {
            role.append(rest);
        }
        if (role.toString().equalsIgnoreCase("me")) {
            role.setLength(0);
        }
        String name = role.isEmpty() ? "commander" : Fields.shortened(SlackText.plain(role.toString()));
        return person == null && !ToolRoles.isKnown(name)
                ? new Wish.Help("say who takes which role: `/inc assign @maria scribe`")
                : new Wish.Assign(ToolRoles.named(name), person == null ? speaker : person);
    }

    private Wish severity() {
        Severity severity = integration.severity(word());
        return severity == null
                ? new Wish.Help("say which severity: `/inc severity sev1`")
                : new Wish.ChangeSeverity(severity, text());
    }

    private Wish said(String otherwise, Function<String, Wish> wish) {
        String text = text();
        return text == null ? new Wish.Help(otherwise) : wish.apply(text);
    }

    /** The person whom the next word mentions; null where it mentions nobody, and stays. */
    private @Nullable UUID person() {
        Matcher person = PERSON.matcher(rest);
        if (!person.lookingAt()) {
            return null;
        }
        rest = rest.substring(person.end()).strip();
        return learned.person(Slack.TOOL, person.group(1), person.group(2));
    }

    /** The next word, if it looks so; otherwise it stays. */
    private @Nullable String next(Pattern pattern) {
        String before = rest;
        String word = word();
        if (pattern.matcher(word).matches()) {
            return word;
        }
        rest = before;
        return null;
    }

    private String word() {
        String[] parts = rest.split("\\s+", 2);
        rest = parts.length < 2 ? "" : parts[1].strip();
        return parts[0];
    }

    /** All that is left; null where nothing is. */
    private @Nullable String text() {
        String text = SlackText.plain(rest).strip();
        rest = "";
        return text.isEmpty() ? null : text;
    }
}
