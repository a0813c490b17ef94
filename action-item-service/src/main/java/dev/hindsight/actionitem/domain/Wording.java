package dev.hindsight.actionitem.domain;

import java.lang.Character.UnicodeScript;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How specific a sentence is, judged by its words alone; English only. Deterministic: no dictionary, no model, the same
 * answer for ever. A sentence comes from a client: every pattern takes time in proportion to its length, and no stack.
 *
 * <p>"Specific: <i>Add rate limiting to the /search API endpoint at 100 req/s</i>, not <i>improve rate limiting</i>" (seed
 * 004); "bad action items sound like <i>improve monitoring</i> or <i>be more careful</i>" (seed 000); "<i>retrain the
 * engineer</i>" (both).
 */
enum Wording {
    /** Says what will be different. */
    SPECIFIC,
    /** Asks people to be better instead of changing a system. */
    ABOUT_PEOPLE,
    /** Wants something better without saying by how much, or what. */
    WISH,
    /** Says that something will be thought about. */
    HEDGE,
    /** Names a topic, and no piece of work. */
    TOPIC,
    /** Stands for something that is still to be written. */
    PLACEHOLDER;

    private static final int ENOUGH_WORDS = 4;
    private static final int ENOUGH_WORDS_WITH_A_PLACE = 3;

    private static final String PEOPLE =
            "(?:the |our |your |all |every |each ){0,4}(?:on-?call |oncall |junior |senior |new |sre |ops ){0,4}"
                    + "(?:engineers?|developers?|devs?|operators?|admins?|administrators?|person|people|staff|team|teams|on-?call|oncall"
                    + "|responders?|colleagues?|everyone|everybody|humans?|sres?|author|authors|reviewers?|employees?)";

    private static final Pattern ABOUT_PEOPLE_PATTERN = Pattern.compile("\\b(?:"
            + "re-?train(?:ing)?"
            + "|(?:train|coach|educate|teach|discipline|punish|warn|remind|blame|talk to|speak (?:to|with)) " + PEOPLE
            + "\\b"
            + "|(?:be|being|become|is|are) (?:\\w+ )?(?:more |extra |very |really )?(?:careful|vigilant|mindful|diligent|attentive|cautious)"
            + "|more (?:careful|carefully|vigilant|vigilance|mindful|diligent|diligence|attentive|attention|care|cautious|caution)"
            + "|(?:pay|paying) (?:\\w+ )?attention"
            + "|(?:take|taking) (?:\\w+ )?care"
            + "|try(?:ing)? harder|work(?:ing)? harder|do(?:ing)? better|think(?:ing)? (?:before|twice)"
            + "|double-? ?check(?:ing)? (?:everything|your|our|the) ?(?:work|changes?|configs?)?"
            + "|remember(?:ing)? to|(?:do not|don't|never) forget"
            + "|(?:avoid|prevent|reduce|eliminate|stop) human (?:error|errors|mistake|mistakes)"
            + "|(?:avoid|stop) making (?:\\w+ )?mistakes?"
            + "|communicate better|better communication"
            + ")\\b");

    private static final Pattern LEAD_IN = Pattern.compile(
            "^(?:please |todo:? |action:? |we |i |you |they |the team |team |someone |somebody |everyone |engineering )*+"
                    + "(?:should |must |need to |needs to |have to |has to |ought to |will |shall |could |want to |would like to )?"
                    + "(?:also |really |always |all )?");

    private static final Pattern HEDGE_PATTERN = Pattern.compile(
            "^(?:consider|considering|think about|look into|look at|explore|discuss|try to|try|maybe|perhaps|see if|see whether"
                    + "|talk about|figure out|brainstorm|revisit|evaluate whether|it would be (?:good|nice))\\b");

    private static final Pattern WISH_START = Pattern.compile(
            "^(?:improve|improves|improving|enhance|enhances|strengthen|strengthens|better|optimi[sz]e|optimi[sz]es|increase"
                    + "|increases|upgrade our|boost|harden|address|handle|tackle|deal with|work on|fix|ensure|make sure|guarantee"
                    + "|avoid|prevent|stop|monitor|clean up|cleanup|refactor|streamline|modernize|revamp)\\b");

    private static final Pattern WISH_WORD = Pattern.compile(
            "\\b(?:better|more|improved|proper|properly|appropriate|adequate|sufficient|robust|stronger)\\b");

    /** A number, a path, a file, an identifier, code or a quotation: something that can be pointed at. */
    private static final Pattern POINTED_AT = Pattern.compile("\\d" + "|(?<![\\w/])/\\w"
            + "|`[^`]+`|\"[^\"]+\"|“[^“”]+”" + "|\\w_\\w|(?<!\\w)[a-z]++[A-Z]|\\w\\.\\w{2}|\\w::\\w|\\w\\(\\)");

    private static final Pattern PLACE = Pattern.compile(
            "\\b(?:to|in|into|on|onto|for|of|at|from|before|after|when|whenever|between|with|by|behind|per|via|through|against)\\b"
                    + " (?:the |our |a |an |its |all |each |every ){0,4}\\w{3,}");

    private static final Pattern PLACEHOLDER_PATTERN = Pattern.compile(
            "^(?:tbd|tba|tbc|todo|to do|to be (?:done|defined|decided|determined)|n/?a|none|nothing|nil|unknown|-+|\\.+|\\?+|x+|test|foo|asdf|same|see above|later|soon|asap|\\W*)$");

    /** Runs of marks; the look-behind lets a run be tried only once, from its beginning. */
    private static final Pattern FULL_STOP = Pattern.compile("(?<![.!])[.!]++$");

    private static final Pattern AROUND_A_WORD = Pattern.compile("^[-'./]++|(?<![-'.])[-'.]++$");

    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}_'/.-]++");

    private static final Pattern SPACE = Pattern.compile("\\s++");

    /** Accents written apart from their letter: a word boundary would look for the letter, back over all of them. */
    private static final Pattern ACCENTS = Pattern.compile("\\p{Mn}++");

    private static final Set<String> EMPTY_WORDS = Set.of(
            "a",
            "an",
            "the",
            "our",
            "your",
            "their",
            "its",
            "this",
            "that",
            "these",
            "those",
            "it",
            "them",
            "us",
            "and",
            "or",
            "to",
            "in",
            "into",
            "on",
            "onto",
            "for",
            "of",
            "at",
            "from",
            "with",
            "by",
            "as",
            "so",
            "up",
            "via",
            "per",
            "be",
            "is",
            "are",
            "was",
            "were",
            "has",
            "have",
            "had",
            "do",
            "does",
            "not",
            "no",
            "any",
            "all",
            "some",
            "every",
            "each",
            "more",
            "most",
            "better",
            "good",
            "great",
            "very",
            "really",
            "also",
            "again",
            "properly",
            "proper",
            "new",
            "improve",
            "improved",
            "improving",
            "improvement",
            "improvements",
            "fix",
            "thing",
            "things",
            "stuff",
            "issue",
            "issues",
            "problem",
            "problems",
            "bug",
            "bugs",
            "everything",
            "something",
            "it's",
            "future",
            "soon",
            "asap");

    /** What the wording of a title amounts to. */
    static Wording ofTitle(String text) {
        Wording wording = judge(text);
        return wording == null ? ofTopic(text) : wording;
    }

    /** What the wording of a description amounts to: it stands below a title, so it may be shorter. */
    static Wording ofDescription(String text) {
        Wording wording = judge(text);
        if (wording == null) {
            return contentWords(text) < 2 && !POINTED_AT.matcher(text).find() ? TOPIC : SPECIFIC;
        }
        // A long description that begins with a wish goes on to say what is meant.
        return wording == WISH && contentWords(text) > ENOUGH_WORDS ? SPECIFIC : wording;
    }

    private static @Nullable Wording judge(String text) {
        String plain = plain(text);
        if (PLACEHOLDER_PATTERN.matcher(plain).matches()) {
            return PLACEHOLDER;
        }
        if (!isMostlyLatin(text)) {
            return SPECIFIC;
        }
        if (ABOUT_PEOPLE_PATTERN.matcher(plain).find()) {
            return ABOUT_PEOPLE;
        }
        String core = LEAD_IN.matcher(plain).replaceFirst("");
        if (HEDGE_PATTERN.matcher(core).find()) {
            return HEDGE;
        }
        boolean wish =
                WISH_START.matcher(core).find() || WISH_WORD.matcher(core).find();
        return wish && !POINTED_AT.matcher(text).find() ? WISH : null;
    }

    private static Wording ofTopic(String text) {
        int words = contentWords(text);
        boolean placed =
                POINTED_AT.matcher(text).find() || PLACE.matcher(plain(text)).find();
        return words >= (placed ? ENOUGH_WORDS_WITH_A_PLACE : ENOUGH_WORDS) ? SPECIFIC : TOPIC;
    }

    private static int contentWords(String text) {
        String core = LEAD_IN.matcher(plain(text)).replaceFirst("");
        return (int) Arrays.stream(BETWEEN_WORDS.split(core))
                .map(word -> AROUND_A_WORD.matcher(word).replaceAll(""))
                .filter(word -> word.length() > 1 && !EMPTY_WORDS.contains(word))
                .count();
    }

    private static boolean isMostlyLatin(String text) {
        long letters = text.codePoints().filter(Character::isLetter).count();
        long latin = text.codePoints()
                .filter(point -> Character.isLetter(point) && Character.UnicodeScript.of(point) == UnicodeScript.LATIN)
                .count();
        return latin * 2 >= letters;
    }

    private static String plain(String text) {
        String lower = ACCENTS.matcher(text).replaceAll("").strip().toLowerCase(Locale.ROOT);
        String spaced = SPACE.matcher(lower.replace('’', '\'')).replaceAll(" ");
        return FULL_STOP.matcher(spaced).replaceAll("");
    }
}
