package dev.hindsight.actionitem.domain;

import dev.hindsight.contract.ActionItemDetails;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.contract.refusal.Invalid.Violation;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What no item may have in any state, however unfinished it is: answered as 400 with each field to blame. */
final class Wellformed {

    /** Longest title, characters. */
    static final int TITLE = 200;

    /** Longest other text, characters. */
    static final int TEXT = 4_000;

    private static final int URL = 2_000;
    private static final LocalDate EARLIEST = LocalDate.of(2000, 1, 1);
    private static final LocalDate LATEST = LocalDate.of(2100, 1, 1);

    private Wellformed() {}

    static void check(ActionItemDetails details) {
        List<Violation> violations = new ArrayList<>();
        required("title", details.title(), TITLE, "what will be done", violations);
        ActionItemDetails.Change change = details.change();
        if (change != null) {
            kind("change.kind", change.kind(), violations);
            required("change.description", change.description(), TEXT, "what will be different", violations);
            if (change.url() != null && !isWebAddress(change.url())) {
                violations.add(new Violation(
                        "change.url",
                        "INVALID_URL",
                        "change.url must be an http or https address of at most " + URL + " characters."));
            }
        }
        ActionItemDetails.Verification verification = details.verification();
        if (verification != null) {
            kind("verification.kind", verification.kind(), violations);
            required(
                    "verification.description",
                    verification.description(),
                    TEXT,
                    "how somebody will see that it works",
                    violations);
        }
        LocalDate due = details.dueDate();
        if (due != null && (due.isBefore(EARLIEST) || !due.isBefore(LATEST))) {
            violations.add(new Violation(
                    "dueDate", "DATE_OUT_OF_RANGE", "dueDate must be from " + EARLIEST + " to before " + LATEST + "."));
        }
        throwIfAny(violations);
    }

    static void check(String field, @Nullable String text) {
        if (text != null) {
            List<Violation> violations = new ArrayList<>();
            bounded(field, text, TEXT, violations);
            throwIfAny(violations);
        }
    }

    static void require(String field, String text, String what) {
        List<Violation> violations = new ArrayList<>();
        required(field, text, TEXT, what, violations);
        throwIfAny(violations);
    }

    private static void required(
            String field, @Nullable String text, int longest, String what, List<Violation> violations) {
        if (text == null || text.isBlank()) {
            violations.add(new Violation(field, "NOT_BLANK", field + " must say " + what + "."));
        } else {
            bounded(field, text, longest, violations);
        }
    }

    private static void kind(String field, @Nullable Object kind, List<Violation> violations) {
        if (kind == null) {
            violations.add(new Violation(field, "REQUIRED", field + " is required."));
        }
    }

    private static void bounded(String field, String text, int longest, List<Violation> violations) {
        if (text.length() > longest) {
            violations.add(new Violation(
                    field, "TOO_LONG", field + " may have " + longest + " characters, and has " + text.length() + "."));
        }
        if (text.indexOf('\0') >= 0) {
            violations.add(new Violation(field, "INVALID_CHARACTER", field + " must not hold the character U+0000."));
        }
    }

    private static boolean isWebAddress(String url) {
        try {
            URI uri = new URI(url);
            return url.length() <= URL
                    && ("https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme()))
                    && uri.getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static void throwIfAny(List<Violation> violations) {
        if (!violations.isEmpty()) {
            throw new Invalid(violations);
        }
    }
}
