package dev.hindsight.incident.webhook.tool;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Slack's markup as people read it: what stands between angle brackets is a person, a channel or an address. */
final class SlackText {

    private static final Pattern BRACKETS = Pattern.compile("<([^<>|]{1,3000})(?:\\|([^<>]{0,3000}))?>");

    private SlackText() {}

    /** {@code <@U1|maria>} is @maria, {@code <https://x|here>} is here (https://x). */
    static String plain(String text) {
        String words = BRACKETS.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(meaning(found.group(1), found.group(2))));
        return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    }

    private static String meaning(String what, @Nullable String called) {
        String name = called == null || called.isBlank() ? null : called;
        return switch (what.charAt(0)) {
            case '@' -> name == null ? what : "@" + withoutSign(name, '@');
            case '#' -> name == null ? what : "#" + withoutSign(name, '#');
            case '!' -> name == null ? "@" + what.substring(1) : name;
            default -> name == null || name.equals(what) ? what : name + " (" + what + ")";
        };
    }

    private static String withoutSign(String name, char sign) {
        return name.charAt(0) == sign ? name.substring(1) : name;
    }
}
