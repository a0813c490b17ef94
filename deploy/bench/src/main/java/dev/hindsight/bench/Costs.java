package dev.hindsight.bench;

import dev.hindsight.local.DataDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Processor time of the stack's processes, by what they are: what a command costs, and where. */
record Costs(Map<Long, Map.Entry<String, Duration>> processes) {

    static Costs now(DataDirectory directory) throws IOException {
        long launcher = directory.holder().orElseThrow();
        Map<Long, Map.Entry<String, Duration>> found = new LinkedHashMap<>();
        try (Stream<ProcessHandle> tree =
                ProcessHandle.of(launcher).orElseThrow().descendants()) {
            tree.forEach(process -> process.info()
                    .totalCpuDuration()
                    .ifPresent(cpu -> found.put(process.pid(), Map.entry(label(process.pid()), cpu))));
        }
        return new Costs(found);
    }

    /** Microseconds of processor time for each of so many, by process, the dearest first. */
    String perOne(Costs before, double count) {
        Map<String, Double> micros = new TreeMap<>();
        processes.forEach((pid, labelled) -> {
            Map.Entry<String, Duration> earlier = before.processes.get(pid);
            long nanos = labelled.getValue().toNanos()
                    - (earlier == null ? 0 : earlier.getValue().toNanos());
            micros.merge(labelled.getKey(), nanos / 1e3 / count, Double::sum);
        });
        StringBuilder text = new StringBuilder();
        micros.entrySet().stream()
                .filter(one -> one.getValue() >= 0.5)
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .forEach(one -> text.append(text.isEmpty() ? "" : ", ")
                        .append(one.getKey())
                        .append(" %.0f".formatted(one.getValue())));
        return text
                + " (us of processor time each; in all %.0f)"
                        .formatted(micros.values().stream()
                                .mapToDouble(Double::doubleValue)
                                .sum());
    }

    private static String label(long pid) {
        try {
            String line = new String(
                            Files.readAllBytes(Path.of("/proc", Long.toString(pid), "cmdline")), StandardCharsets.UTF_8)
                    .replace('\0', ' ')
                    .strip();
            if (line.startsWith("postgres: hindsight ")) {
                return "postgres/" + line.split(" ")[2];
            }
            if (line.startsWith("postgres:")) {
                return "postgres/own";
            }
            if (line.contains("quarkus-run.jar")) {
                // …/<module>/target/quarkus-app/quarkus-run.jar
                Path jar = Path.of(line.substring(line.indexOf("-jar ") + 5).strip());
                return jar.getName(jar.getNameCount() - 4).toString();
            }
            return line.contains("LocalKafka") || line.contains("KafkaBroker") ? "kafka" : "other";
        } catch (IOException | RuntimeException e) {
            return "other";
        }
    }
}
