package dev.hindsight.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What processes cost: the proportional set size (PSS, pages shared by n processes count 1/n), as Linux gives it in
 * {@code smaps_rollup}. Resident sizes would count PostgreSQL's shared buffers once for every connection.
 */
final class Memory {
    private Memory() {}

    /** KiB of a process and all its children; empty where the system does not say. */
    static OptionalLong pssOfTree(ProcessHandle root) {
        try (Stream<ProcessHandle> tree = Stream.concat(Stream.of(root), root.descendants())) {
            long[] known = tree.map(Memory::pss)
                    .filter(OptionalLong::isPresent)
                    .mapToLong(OptionalLong::getAsLong)
                    .toArray();
            return known.length == 0
                    ? OptionalLong.empty()
                    : OptionalLong.of(java.util.Arrays.stream(known).sum());
        }
    }

    static OptionalLong pss(ProcessHandle process) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "smaps_rollup"))) {
            return lines.filter(line -> line.startsWith("Pss:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst();
        } catch (IOException | java.io.UncheckedIOException e) {
            return OptionalLong.empty();
        }
    }

    static String inWords(OptionalLong kib) {
        return kib.isPresent() ? String.format("%,7.1f MiB", kib.getAsLong() / 1024.0) : "    n/a";
    }
}
