package dev.hindsight.incident.webhook.tool;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which environments are production, where the tool does not say. */
final class Environments {

    /** As names go: prod, production, prd, live; with anything around, such as eu-prod-1 or production/shop. */
    private static final Pattern PRODUCTION = Pattern.compile("(^|[^a-z])(prod|production|prd|live)([^a-z]|$)");

    /** What is before production has its name in it, too. */
    private static final Pattern BEFORE = Pattern.compile("(^|[^a-z])(non|not|pre)[^a-z]*(prod|production|prd|live)");

    private Environments() {}

    /** @param said by the tool; null where it does not say */
    static boolean isProduction(@Nullable Boolean said, String environment) {
        if (said != null) {
            return said;
        }
        String name = environment.toLowerCase(Locale.ROOT);
        return PRODUCTION.matcher(name).find() && !BEFORE.matcher(name).find();
    }
}
