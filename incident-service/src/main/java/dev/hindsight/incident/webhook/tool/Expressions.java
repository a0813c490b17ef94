package dev.hindsight.incident.webhook.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.burt.jmespath.Expression;
import io.burt.jmespath.JmesPathException;
import io.burt.jmespath.jackson.JacksonRuntime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * JMESPath expressions of mappings. JMESPath runs no code and always ends, but each multi-select repeats what it is given, and one
 * after the other they grow as a power: {@code @|[@,@]|[@,@]|…}. So an expression is bounded before it is even parsed, and what
 * it costs stays a small multiple of what it reads. Each is parsed once.
 */
final class Expressions {

    private static final int LONGEST = 1_000;
    private static final int DEEPEST = 6;
    private static final int MOST_STEPS = 12;
    private static final int MOST_CALLS = 12;
    private static final int MOST_MULTI_SELECTS = 3;
    private static final int MOST_COMMAS = 16;

    private static final JacksonRuntime JMESPATH = new JacksonRuntime();

    /** More than all integrations together have; of samples that are tried, the oldest ones go. */
    private static final Cache<String, Expression<JsonNode>> PARSED =
            Caffeine.newBuilder().maximumSize(2_000).build();

    private Expressions() {}

    /** What is wrong with an expression; null where nothing is. */
    static @Nullable String wrong(String expression) {
        List<String> beyond = beyond(expression);
        if (!beyond.isEmpty()) {
            return "An expression has at most " + String.join(" and ", beyond) + ".";
        }
        try {
            JMESPATH.compile(expression);
            return null;
        } catch (JmesPathException e) {
            return "It is no JMESPath expression: " + e.getMessage();
        }
    }

    /** What an expression finds; missing where there is none, or it cannot be applied to what came. */
    static JsonNode find(@Nullable String expression, JsonNode message) {
        if (expression == null || expression.isBlank()) {
            return MissingNode.getInstance();
        }
        try {
            return PARSED.get(expression, JMESPATH::compile).search(message);
        } catch (JmesPathException e) {
            return MissingNode.getInstance();
        }
    }

    /** The bounds that it goes beyond. */
    private static List<String> beyond(String expression) {
        if (expression.length() > LONGEST) {
            return List.of(LONGEST + " characters");
        }
        Shape shape = Shape.of(expression);
        List<String> beyond = new ArrayList<>();
        bound(shape.deepest, DEEPEST, " brackets in each other", beyond);
        bound(shape.steps, MOST_STEPS, " pipes, projections, filters and slices", beyond);
        bound(shape.calls, MOST_CALLS, " function calls", beyond);
        bound(shape.multiSelects, MOST_MULTI_SELECTS, " multi-selects, such as [a, b] and {a: b}", beyond);
        bound(shape.commas, MOST_COMMAS, " commas", beyond);
        return beyond;
    }

    private static void bound(int count, int most, String what, List<String> beyond) {
        if (count > most) {
            beyond.add(most + what);
        }
    }

    /** How an expression is built, read from its signs; what stands in quotes is none. */
    private static final class Shape {

        private int deepest;
        private int steps;
        private int calls;
        private int multiSelects;
        private int commas;

        static Shape of(String expression) {
            Shape shape = new Shape();
            int depth = 0;
            for (int i = 0; i < expression.length(); i++) {
                char sign = expression.charAt(i);
                switch (sign) {
                    case '"', '\'', '`' -> i = closing(expression, i);
                    case '[', '{', '(' -> {
                        depth++;
                        shape.deepest = Math.max(shape.deepest, depth);
                        shape.open(sign, expression.substring(0, i), expression.substring(i + 1));
                    }
                    case ']', '}', ')' -> depth--;
                    case ',' -> shape.commas++;
                    case '*', '?', ':' -> shape.steps++;
                    case '|' -> {
                        if (expression.startsWith("||", i)) {
                            i++;
                        } else {
                            shape.steps++;
                        }
                    }
                    default -> {
                        // Names, operators and white space cost no more than what they read.
                    }
                }
            }
            return shape;
        }

        private void open(char sign, String before, String after) {
            String next = after.stripLeading();
            if (sign == '(') {
                String last = before.stripTrailing();
                if (!last.isEmpty() && Character.isJavaIdentifierPart(last.charAt(last.length() - 1))) {
                    calls++;
                }
            } else if (sign == '{') {
                multiSelects++;
            } else if (next.startsWith("]")) {
                steps++;
            } else if (!next.startsWith("?") && !next.matches("(?s)\\*\\s*].*|[-:0-9].*")) {
                multiSelects++;
            }
        }

        /** Where what is quoted ends. */
        private static int closing(String expression, int opening) {
            char quote = expression.charAt(opening);
            for (int i = opening + 1; i < expression.length(); i++) {
                if (expression.charAt(i) == '\\') {
                    i++;
                } else if (expression.charAt(i) == quote) {
                    return i;
                }
            }
            return expression.length();
        }
    }
}
