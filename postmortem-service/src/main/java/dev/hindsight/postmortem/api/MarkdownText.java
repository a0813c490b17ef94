package dev.hindsight.postmortem.api;

import java.util.regex.Pattern;

/** Foreign text inside of Markdown (CommonMark, with tables): on one line, and without any meaning of its own. */
final class MarkdownText {

    private static final Pattern SPACE = Pattern.compile("[\\s\\p{Cc}\\p{Z}]+");
    private static final Pattern SPECIAL =
            Pattern.compile("[\\\\`*\\[\\]<>|~]|&(?=[#A-Za-z])|(?<![\\p{Alnum}_])_|_(?![\\p{Alnum}_])");
    private static final Pattern BLOCK_START = Pattern.compile("^(?:([#>+=-])|(\\d{1,9})([.)]))");

    private MarkdownText() {}

    /** Within a line. */
    static String inline(String text) {
        String line = SPACE.matcher(text.strip()).replaceAll(" ");
        return SPECIAL.matcher(line).replaceAll("\\\\$0");
    }

    /** At the start of a line, where it must not begin a heading, a list or a quotation. */
    static String block(String text) {
        return BLOCK_START
                .matcher(inline(text))
                .replaceFirst(match ->
                        match.group(1) != null ? "\\\\\\" + match.group(1) : match.group(2) + "\\\\" + match.group(3));
    }
}
