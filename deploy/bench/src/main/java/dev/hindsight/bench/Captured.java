package dev.hindsight.bench;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A statement as PostgreSQL executed it, read from its log while a request of ours went through the public door: the floor
 * runs what the services run, not what somebody copied once.
 *
 * @param sql with placeholders {@code $1 …}
 * @param parameters their values, as text; null is null
 */
record Captured(String sql, List<@Nullable String> parameters) {
    private static final Pattern BEGIN =
            Pattern.compile("^\\d{4}-\\d\\d-\\d\\d [0-9:.]+ \\w+ \\[\\d+\\] (\\w+): +(.*)$", Pattern.DOTALL);
    private static final Pattern EXECUTE =
            Pattern.compile("^duration: [0-9.]+ ms +execute [^:]+: (.*)$", Pattern.DOTALL);
    private static final Pattern PARAMETER = Pattern.compile("\\$(\\d+) = (NULL|'((?:[^']++|'')*+)')");

    /** Every statement that the servers executed while the work went on. */
    static List<Captured> during(Bench bench, Callable<?> work) throws Exception {
        Path log = bench.directory().logs().resolve("postgres.log");
        bench.asSuperuser("alter system set log_min_duration_statement = 0", "select pg_reload_conf()");
        long from;
        try {
            from = awaitLogging(bench, log);
            work.call();
        } finally {
            bench.asSuperuser("alter system reset log_min_duration_statement", "select pg_reload_conf()");
        }
        return parse(read(log, from));
    }

    /** Backends read the setting between two statements; the marker is logged when a new one does. */
    private static long awaitLogging(Bench bench, Path log) {
        String marker = "select 'bench " + System.nanoTime() + "'";
        Bench.await(Duration.ofSeconds(10), "PostgreSQL to log statements", () -> {
            try {
                bench.asSuperuser(marker);
                return read(log, 0).contains(marker);
            } catch (IOException | SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        return log.toFile().length();
    }

    private static String read(Path log, long from) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            byte[] bytes = new byte[(int) (file.length() - from)];
            file.seek(from);
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    static List<Captured> parse(String log) {
        List<StringBuilder> entries = new ArrayList<>();
        log.lines().forEach(line -> {
            if (line.startsWith("\t") && !entries.isEmpty()) {
                entries.getLast().append('\n').append(line, 1, line.length());
            } else {
                entries.add(new StringBuilder(line));
            }
        });
        List<Captured> statements = new ArrayList<>();
        String executed = null;
        for (StringBuilder entry : entries) {
            Matcher begin = BEGIN.matcher(entry);
            if (!begin.matches()) {
                continue;
            }
            if (begin.group(1).equals("DETAIL") && executed != null) {
                statements.add(new Captured(executed, parameters(begin.group(2))));
                executed = null;
                continue;
            }
            if (executed != null) {
                statements.add(new Captured(executed, List.of()));
                executed = null;
            }
            Matcher execute = EXECUTE.matcher(begin.group(2));
            if (execute.matches()) {
                executed = execute.group(1);
            }
        }
        if (executed != null) {
            statements.add(new Captured(executed, List.of()));
        }
        return statements;
    }

    private static List<@Nullable String> parameters(String detail) {
        TreeMap<Integer, @Nullable String> found = new TreeMap<>();
        Matcher matcher = PARAMETER.matcher(detail);
        while (matcher.find()) {
            String text = matcher.group(3);
            found.put(Integer.parseInt(matcher.group(1)), text == null ? null : text.replace("''", "'"));
        }
        return new ArrayList<>(found.values());
    }

    /** The only one that holds the text. */
    static Captured only(List<Captured> statements, String text) {
        List<Captured> found = statements.stream()
                .filter(statement -> statement.sql().contains(text))
                .toList();
        if (found.size() != 1) {
            throw new IllegalStateException(found.size() + " statements hold \"" + text + "\": " + found);
        }
        return found.getFirst();
    }
}
