package dev.hindsight.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files that are released with the records; read where they are kept, so that one too many is seen as well. */
final class ContractFiles {

    static final Path ROOT = Path.of("src/main/resources/META-INF/hindsight");
    static final Path GOLDEN = ROOT.resolve("golden");
    static final Path SCHEMA = ROOT.resolve("schema");
    static final Path ASYNC_API = ROOT.resolve("asyncapi.yaml");

    private ContractFiles() {}

    /** The names in a folder without their {@code .json}; anything else in it stands there as it is. */
    static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .map(name -> name.endsWith(".json") ? name.substring(0, name.length() - ".json".length()) : name)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
