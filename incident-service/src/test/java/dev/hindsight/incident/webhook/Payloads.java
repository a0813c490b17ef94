package dev.hindsight.incident.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What we say that becomes of each payload beside the project: one Markdown table a folder, {@code webhooks/<folder>.md} among
 * the test resources.
 *
 * <p>Columns: {@code file} in the folder, or {@code own/…} for one that we wrote, {@code webhooks/<folder>/…} among the
 * resources; {@code door}, the name of a provider in its URL, or {@code -} where the file is no delivery; {@code with}, divided by {@code ;}: headers
 * as {@code Name: value}, {@code settings: <name>} for an integration that is set up as {@code webhooks/settings/<name>.json}
 * says, {@code body: <field>} where the raw body is a text in that field of the file; {@code story}, deliveries of one story go
 * to one integration in the table's order, without one each goes to a fresh integration; {@code outcome}; {@code incidents}
 * that it spoke of as they are then, divided by {@code ;}; {@code because}, for people.
 */
public final class Payloads {

    static final Path FIXTURES = Path.of(System.getProperty("hindsight.fixtures", "../../shared/fixtures"), "webhooks");

    static final JsonMapper JSON = new JsonMapper();

    private static final List<String> COLUMNS =
            List.of("file", "door", "with", "story", "outcome", "incidents", "because");

    private Payloads() {}

    /** One delivery, and what becomes of it. */
    public record Row(
            String folder,
            String file,
            @Nullable String door,
            Map<String, String> with,
            String story,
            String outcome,
            String incidents,
            String because) {

        public boolean isDelivery() {
            return door != null;
        }

        public boolean isOurs() {
            return file.startsWith("own/");
        }

        /** Whether its tool says neither when something happened nor in which order: all that is known is the order of arrival. */
        public boolean isAsSent() {
            return story.endsWith("(as sent)");
        }

        /** Of rows with the same, the deliveries go to one integration. */
        public String group() {
            return folder + " " + (story.isEmpty() ? file : story);
        }

        public Map<String, String> headers() {
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            with.forEach((name, value) -> {
                if (!name.equals("body") && !name.equals("settings")) {
                    headers.put(name, value);
                }
            });
            return headers;
        }

        /** The settings of its integration, as a client would give them. */
        public JsonNode settings() {
            String name = with.get("settings");
            return name == null ? JSON.createObjectNode() : parse(resource("webhooks/settings/" + name + ".json"));
        }

        public byte[] body() {
            byte[] bytes = isOurs()
                    ? resource("webhooks/" + folder + "/" + file.substring("own/".length()))
                    : read(FIXTURES.resolve(folder).resolve(file));
            String field = with.get("body");
            return field == null ? bytes : parse(bytes).path(field).asText().getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return folder + "/" + file + (story.isEmpty() ? "" : " (" + story + ")");
        }
    }

    /** The folders that have a table, whether the fixtures are there or not. */
    static List<String> tables() {
        return lines("webhooks/tables.txt");
    }

    /** All rows of all tables; without the fixtures those of our own files. */
    static List<Row> rows() {
        return tables().stream()
                .flatMap(folder -> rows(folder).stream())
                .filter(row -> row.isOurs() || fixturesAreHere())
                .toList();
    }

    static boolean fixturesAreHere() {
        return Files.isDirectory(FIXTURES);
    }

    /** The rows in groups: stories in their order, and single deliveries. */
    public static Map<String, List<Row>> groups() {
        return rows().stream()
                .filter(Row::isDelivery)
                .collect(Collectors.groupingBy(Row::group, LinkedHashMap::new, Collectors.toList()));
    }

    /** The story with some deliveries repeated, and in any order where its tool says what that order was. */
    public static List<Row> shuffled(List<Row> story, Random random) {
        List<Row> rows = new ArrayList<>();
        for (Row row : story) {
            for (int times = 1 + random.nextInt(3) / 2 + random.nextInt(6) / 5; times > 0; times--) {
                rows.add(row);
            }
        }
        if (!story.getFirst().isAsSent()) {
            Collections.shuffle(rows, random);
        }
        return rows;
    }

    static List<Row> rows(String folder) {
        List<Row> rows = new ArrayList<>();
        List<String> columns = List.of();
        for (String line : lines("webhooks/" + folder + ".md")) {
            if (!line.startsWith("|") || line.startsWith("|--") || line.startsWith("| --")) {
                continue;
            }
            List<String> cells = Arrays.stream(line.substring(1).split("\\|", -1))
                    .map(String::strip)
                    .toList();
            if (columns.isEmpty()) {
                columns = cells.subList(0, cells.size() - 1);
                if (!columns.equals(COLUMNS)) {
                    throw new AssertionError(folder + ".md has the columns " + columns + ", not " + COLUMNS);
                }
                continue;
            }
            if (cells.size() != COLUMNS.size() + 1) {
                throw new AssertionError(folder + ".md has a row of another width: " + line);
            }
            String door = cells.get(1);
            rows.add(new Row(
                    folder,
                    cells.get(0),
                    door.equals("-") ? null : door,
                    with(cells.get(2)),
                    cells.get(3),
                    cells.get(4),
                    cells.get(5),
                    cells.get(6)));
        }
        return rows;
    }

    private static Map<String, String> with(String cell) {
        Map<String, String> with = new LinkedHashMap<>();
        for (String each : cell.split(";", -1)) {
            int colon = each.indexOf(':');
            if (colon > 0) {
                with.put(
                        each.substring(0, colon).strip(),
                        each.substring(colon + 1).strip());
            }
        }
        return with;
    }

    /** Every file of the fixtures that may be a delivery, as {@code folder/file}. */
    static List<String> files() {
        try (Stream<Path> files = Files.walk(FIXTURES)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> FIXTURES.relativize(file).toString())
                    .filter(file -> !file.endsWith(".md") && !file.startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(String resource) {
        return new String(resource(resource), StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }

    static byte[] resource(String name) {
        try (InputStream in = Payloads.class.getClassLoader().getResourceAsStream(name)) {
            return Objects.requireNonNull(in, () -> "no test resource " + name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode parse(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
