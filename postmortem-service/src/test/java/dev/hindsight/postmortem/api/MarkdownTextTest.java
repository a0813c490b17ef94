package dev.hindsight.postmortem.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MarkdownTextTest {

    @Test
    void foreignTextHasNoMeaningOfItsOwn() {
        assertThat(MarkdownText.inline("*bold* [x](http://e) <img src=x> `c` a|b ~~s~~ &lt;"))
                .isEqualTo("\\*bold\\* \\[x\\](http://e) \\<img src=x\\> \\`c\\` a\\|b \\~\\~s\\~\\~ \\&lt;");
    }

    @Test
    void foreignTextStaysOnItsLine() {
        assertThat(MarkdownText.inline(" one\r\n\n# two\u2028three\u0000four ")).isEqualTo("one # two three four");
    }

    @Test
    void whatReadsWellStaysReadable() {
        assertThat(MarkdownText.inline("INCIDENT_COMMANDER of checkout-api (5 % & more!), _really_"))
                .isEqualTo("INCIDENT_COMMANDER of checkout-api (5 % & more!), \\_really\\_");
    }

    @Test
    void atTheStartOfALineItBeginsNoBlock() {
        assertThat(MarkdownText.block("# x")).isEqualTo("\\# x");
        assertThat(MarkdownText.block("- x")).isEqualTo("\\- x");
        assertThat(MarkdownText.block("12. x")).isEqualTo("12\\. x");
        assertThat(MarkdownText.block("> x")).isEqualTo("\\> x");
        assertThat(MarkdownText.block("INC-42")).isEqualTo("INC-42");
    }
}
