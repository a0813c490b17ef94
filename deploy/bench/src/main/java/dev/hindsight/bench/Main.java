package dev.hindsight.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command line of {@code deploy/bench/run}. */
@Command(name = "deploy/bench/run", description = "Measures Hindsight on this machine.")
public final class Main implements Callable<Integer> {
    private static final List<Row> ROWS = List.of(
            new StartRow(),
            new AppendRow(),
            new VisibleRow(),
            new StormRow(),
            new ImportRow(),
            new RebuildRow(),
            new ReadsRow());

    @Option(names = "--project", required = true, hidden = true)
    Path project = Path.of(".");

    @Option(names = "--data", description = "Where the stack keeps its data; kept. Default: a directory that goes.")
    @Nullable
    Path data;

    @Option(names = "--rounds", description = "How often each figure and its floor are measured in turn.")
    int rounds = 0;

    @Option(names = "--quick", description = "Shorter and fewer rounds: to see that it runs, not to compare.")
    boolean quick;

    @Parameters(description = "Which rows; all of them where none is named.")
    List<String> names = new ArrayList<>();

    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        List<Row> rows = ROWS.stream()
                .filter(row -> names.isEmpty() || names.contains(row.name()))
                .toList();
        List<String> known = ROWS.stream().map(Row::name).toList();
        if (!known.containsAll(names)) {
            System.err.println("There are these rows: " + String.join(", ", known));
            return CommandLine.ExitCode.USAGE;
        }
        boolean temporary = data == null;
        Path directory = data == null ? Files.createTempDirectory("hindsight-bench-") : data;
        Bench bench = new Bench(
                project.toAbsolutePath().normalize(),
                directory,
                rounds > 0 ? rounds : quick ? 2 : 5,
                quick,
                System.out,
                System.err);
        Thread end = new Thread(() -> end(bench, temporary ? directory : null));
        Runtime.getRuntime().addShutdownHook(end);
        boolean allMeasured = true;
        for (Row row : rows) {
            bench.detail("-- %s", row.name());
            try {
                row.measure(bench);
            } catch (IllegalStateException | IOException | java.sql.SQLException e) {
                // One row that cannot be measured must not take the others with it, nor pass for a success.
                allMeasured = false;
                System.err.println(row.name() + " was not measured: " + e);
                e.printStackTrace();
            }
        }
        return allMeasured ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private static void end(Bench bench, @Nullable Path toDelete) {
        try {
            bench.close();
            if (toDelete != null) {
                try (var files = Files.walk(toDelete)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.deleteIfExists(file);
                    }
                }
            }
        } catch (IOException | IllegalStateException e) {
            System.err.println("The stack was not ended as it should be: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
