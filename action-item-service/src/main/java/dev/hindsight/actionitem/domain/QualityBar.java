package dev.hindsight.actionitem.domain;

import dev.hindsight.contract.ActionItemDetails;
import dev.hindsight.contract.QualityFinding;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an action item must say before it is accepted: "owner named: a person, not a team; due date set: a real date;
 * change described; risk reduced; verification step" (seed 000, The Action Item Quality Bar), "specific, owned, due-dated,
 * prioritized" (seed 004), and one of each taxonomy. Nothing here looks at a clock: an item meets the bar or not, whenever
 * it is asked. What cannot be an owner or a date at all is refused earlier, where the request is read.
 */
public final class QualityBar {

    private static final String AS_A_CHANGE =
            "Say what will be added, removed or set, where, and at which value: \"Add rate limiting to the /search API"
                    + " endpoint at 100 req/s\".";

    private QualityBar() {}

    /** Every point in which the item misses the bar; empty where it meets it. */
    public static List<QualityFinding> judge(ActionItemDetails details) {
        List<QualityFinding> findings = new ArrayList<>();
        title(details.title(), findings);
        change(details.change(), findings);
        if (details.owner() == null) {
            findings.add(new QualityFinding(
                    "OWNER_MISSING",
                    "owner",
                    "Nobody owns it.",
                    "Name one person; a team cannot be asked how it is going."));
        }
        if (details.dueDate() == null) {
            findings.add(new QualityFinding(
                    "DUE_DATE_MISSING",
                    "dueDate",
                    "It has no due date.",
                    "Set a real day, not \"soon\" or \"next sprint\"."));
        }
        if (details.risk() == null) {
            findings.add(
                    new QualityFinding(
                            "RISK_MISSING",
                            "risk",
                            "It does not say which risk it reduces.",
                            "One of LIKELIHOOD, BLAST_RADIUS, FASTER_DETECTION; if it reduces none, it is not an item of a postmortem."));
        }
        verification(details.verification(), findings);
        if (details.priority() == null) {
            findings.add(new QualityFinding(
                    "PRIORITY_MISSING",
                    "priority",
                    "It has no priority.",
                    "HIGH (done within 30 days), MEDIUM or LOW."));
        }
        if (details.type() == null) {
            findings.add(new QualityFinding(
                    "TYPE_MISSING",
                    "type",
                    "It has no type.",
                    "MITIGATIVE fixes this gap, PREVENTATIVE the class of problem, INVESTIGATIVE finds out."));
        }
        if (details.category() == null) {
            findings.add(new QualityFinding(
                    "CATEGORY_MISSING",
                    "category",
                    "It has no category.",
                    "One of GUARDRAIL, DETECTION, MITIGATION, RECOVERY, COMMUNICATION."));
        }
        return List.copyOf(findings);
    }

    private static void title(String title, List<QualityFinding> findings) {
        switch (Wording.ofTitle(title)) {
            case SPECIFIC -> {}
            case ABOUT_PEOPLE ->
                findings.add(
                        new QualityFinding(
                                "TITLE_ABOUT_PEOPLE",
                                "title",
                                "\"" + title + "\" asks people to be better, and leaves the system as it was.",
                                "Change what made the mistake easy: a check in the pipeline, a safer default, an alert, a runbook."));
            case WISH ->
                findings.add(new QualityFinding(
                        "TITLE_VAGUE",
                        "title",
                        "\"" + title + "\" is a wish: nobody can tell when it is fulfilled.",
                        AS_A_CHANGE));
            case HEDGE ->
                findings.add(
                        new QualityFinding(
                                "TITLE_VAGUE",
                                "title",
                                "\"" + title + "\" promises to think about it, not to do it.",
                                "Name the change; or, if it is to be found out, type INVESTIGATIVE and the question: \"Find why … by …\"."));
            case TOPIC ->
                findings.add(new QualityFinding(
                        "TITLE_VAGUE", "title", "\"" + title + "\" names a topic, not a piece of work.", AS_A_CHANGE));
            case PLACEHOLDER ->
                findings.add(
                        new QualityFinding("TITLE_VAGUE", "title", "The title is still to be written.", AS_A_CHANGE));
        }
    }

    private static void change(ActionItemDetails.@Nullable Change change, List<QualityFinding> findings) {
        if (change == null) {
            findings.add(new QualityFinding(
                    "CHANGE_MISSING",
                    "change",
                    "The change is not described.",
                    "A pull request, a configuration, a runbook, a monitor: which, and what will be different."));
            return;
        }
        switch (Wording.ofDescription(change.description())) {
            case SPECIFIC -> {}
            case ABOUT_PEOPLE ->
                findings.add(new QualityFinding(
                        "CHANGE_ABOUT_PEOPLE",
                        "change.description",
                        "The described change asks people to be better, and leaves the system as it was.",
                        "Describe what will be different in code, configuration, alerts or runbooks."));
            case WISH, HEDGE, TOPIC, PLACEHOLDER ->
                findings.add(
                        new QualityFinding(
                                "CHANGE_VAGUE",
                                "change.description",
                                "The described change does not say what will be different.",
                                "Describe it so that a colleague could make it: which file, setting, alert or runbook, and how."));
        }
    }

    private static void verification(
            ActionItemDetails.@Nullable Verification verification, List<QualityFinding> findings) {
        if (verification == null) {
            findings.add(new QualityFinding(
                    "VERIFICATION_MISSING",
                    "verification",
                    "Nobody will see whether it works.",
                    "Add a test, a drill or a dashboard check, and what it must show."));
        } else if (Wording.ofDescription(verification.description()) != Wording.SPECIFIC) {
            findings.add(new QualityFinding(
                    "VERIFICATION_VAGUE",
                    "verification.description",
                    "The verification step does not say what must be seen.",
                    "Say what is done and what it must show: \"the load test at 200 req/s gets 429s\"."));
        }
    }
}
