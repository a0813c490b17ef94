package dev.hindsight.actionitem.domain;

import static dev.hindsight.actionitem.domain.Items.GOOD;
import static dev.hindsight.actionitem.domain.Items.VERIFICATION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.contract.ActionItemDetails;
import dev.hindsight.contract.ActionItemDetails.Change;
import dev.hindsight.contract.ActionItemDetails.ChangeKind;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is written, judging it takes no time and no stack worth speaking of. */
class WordingSpecTest {

    private static final Duration LONGEST = Duration.ofMillis(200);
    private static final int TRIES = 10;

    /** A quarter of what a thread has: room for any sentence, none for a recursion by character. */
    private static final long STACK = 256 * 1024;

    @BeforeAll
    static void theWordsAreLoaded() {
        assertThat(Wording.ofTitle(GOOD.title())).isEqualTo(Wording.SPECIFIC);
    }

    /** Each is repeated up to the longest text there may be; most are one step short of what a pattern looks for. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                // how a sentence begins
                "i ",
                "we ",
                "the team ",
                "please todo: ",
                "everyone should ",
                "should also ",
                // whom it is about
                "train the ",
                "train the all every ",
                "the ",
                "new sre ",
                "train on-call on-call ",
                "be ",
                "be a",
                "is more ",
                "be more extra ",
                "pay x ",
                "take care",
                "avoid making x ",
                "double-check ",
                "more ",
                // where something is
                "to ",
                "to the ",
                "to the all each every an a its our ",
                "to an a ",
                "between ",
                // what can be pointed at
                "a",
                "A",
                "aA",
                "_",
                "a_",
                "_ ",
                "a.",
                "a.b ",
                "a:",
                "a::",
                ":",
                "a(",
                "(",
                "a()",
                "/",
                "/ ",
                "`",
                "`a",
                "\"",
                "“",
                "“a",
                "“ ",
                "”“",
                "1",
                // what stands for something to be written
                "-",
                "--a",
                ".",
                "!",
                "!a",
                "?",
                "x",
                "n/a ",
                "'",
                "-'",
                "'./-a",
                "-.a'",
                // anything else
                " ",
                "a ",
                "ab ",
                "\t\n",
                "’",
                "é",
                "検",
                "検 a",
                "\uD83D\uDE00",
                "\u0301",
            })
    void hostileTextIsJudgedAtOnce(String piece) throws Exception {
        for (String text :
                new String[] {upTo(piece, ""), upTo(piece, "\u00A7"), upTo(piece, "a"), "i" + upTo(piece, "#b")}) {
            String shown = text.substring(0, 12) + "…" + text.substring(text.length() - 3);
            assertThat(onASmallStack(() -> Wording.ofTitle(text))).as(shown).isNotNull();
            assertThat(onASmallStack(() -> Wording.ofDescription(text)))
                    .as(shown)
                    .isNotNull();
            assertThat(fastest(() -> Wording.ofTitle(text)))
                    .as("title " + shown)
                    .isLessThan(LONGEST);
            assertThat(fastest(() -> Wording.ofDescription(text)))
                    .as("description " + shown)
                    .isLessThan(LONGEST);
        }
    }

    /** Of a few tries: what goes over the text again and again is slow each time, while a busy machine is slow now and then. */
    private static Duration fastest(Supplier<Wording> judging) {
        Duration fastest = LONGEST;
        for (int i = 0; i < TRIES && fastest.compareTo(LONGEST) >= 0; i++) {
            long before = System.nanoTime();
            judging.get();
            fastest = Duration.ofNanos(System.nanoTime() - before);
        }
        return fastest;
    }

    @Test
    void anItemOfTheLongestTextsIsJudged() throws Exception {
        ActionItemDetails hostile = new ActionItemDetails(
                upTo("i ", "").substring(0, Wellformed.TITLE),
                new Change(ChangeKind.OTHER, upTo("i ", ""), null),
                GOOD.owner(),
                GOOD.dueDate(),
                GOOD.priority(),
                GOOD.type(),
                GOOD.category(),
                GOOD.risk(),
                VERIFICATION);
        assertThat(Items.codes(onASmallStack(() -> QualityBar.judge(hostile))))
                .containsExactly("TITLE_VAGUE", "CHANGE_VAGUE");
    }

    /** What the patterns recognise beside the sentences of {@link QualityBarSpecTest}: fast must not mean other. */
    @ParameterizedTest(name = "{1}: {0}")
    @CsvSource(delimiter = '|', textBlock = """
            Train the on-call in writing safe migrations               | ABOUT_PEOPLE
            Train all the new on-call engineers in the deploy tool     | ABOUT_PEOPLE
            Remind our SRE about the change freeze in December         | ABOUT_PEOPLE
            We need to be more careful                                 | ABOUT_PEOPLE
            Please we should also consider a second replica            | HEDGE
            The team we i you they should really improve the alerting  | WISH
            improve monitoring!!!                                      | WISH
            --- runbook --- 'pages'. ---                               | TOPIC
            ...                                                        | PLACEHOLDER
            !!!                                                        | PLACEHOLDER
            Improve Cache::Store                                       | TOPIC
            Improve flush()                                            | TOPIC
            Improve limit_req                                          | TOPIC
            Improve maxPool                                            | TOPIC
            Improve limits.conf                                        | TOPIC
            Improve “slow start”                                       | TOPIC
            Add retries to the all eu regions                          | SPECIFIC
            Move sessions into the our Redis                           | SPECIFIC
            Be móre careful                                             | ABOUT_PEOPLE
            """)
    void theWordingIsWhatItWas(String title, Wording wording) {
        assertThat(Wording.ofTitle(title)).isEqualTo(wording);
    }

    private static String upTo(String piece, String end) {
        return piece.repeat(Wellformed.TEXT / piece.length() + 1).substring(0, Wellformed.TEXT - end.length()) + end;
    }

    private static <T> T onASmallStack(Callable<T> call) throws Exception {
        FutureTask<T> task = new FutureTask<>(call);
        Thread thread = new Thread(null, task, "small stack", STACK);
        thread.start();
        return task.get();
    }
}
