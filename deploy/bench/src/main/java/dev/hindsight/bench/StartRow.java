package dev.hindsight.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the whole stack takes of the machine: {@code deploy/run --detach} until it returns, which is when all is healthy, and
 * the memory of all its processes then. The first start also creates the data directory; the later ones are what counts.
 */
final class StartRow implements Row {
    private static final Pattern TOTAL = Pattern.compile("\\s*PSS total\\s+([0-9.,]+) MiB");

    @Override
    public String name() {
        return "start";
    }

    @Override
    public void measure(Bench bench) throws IOException, InterruptedException {
        bench.stop();
        Figure first = new Figure("start_first", "s", "with creating the data directory");
        Figure again = new Figure("start", "s", "target <= 20 s");
        Figure memory = new Figure("pss", "MiB", "all processes with the launcher; target <= 1536 MiB");
        first.add(bench.start());
        memory.add(pss(bench));
        for (int round = 1; round <= bench.rounds; round++) {
            bench.stop();
            again.add(bench.start());
            memory.add(pss(bench));
        }
        bench.result(again);
        bench.result(first);
        bench.result(memory);
    }

    private static double pss(Bench bench) throws IOException, InterruptedException {
        for (String line : bench.deploy(
                Duration.ofMinutes(1), "status", "--data=" + bench.directory().path())) {
            if (line.contains("PSS")) {
                bench.detail("%s", line.strip());
            }
            Matcher total = TOTAL.matcher(line);
            if (total.matches()) {
                return Double.parseDouble(total.group(1).replace(",", ""));
            }
        }
        throw new IllegalStateException("deploy/status does not say what the stack takes");
    }
}
