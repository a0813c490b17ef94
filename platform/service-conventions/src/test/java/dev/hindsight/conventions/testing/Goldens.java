package dev.hindsight.conventions.testing;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** The contract's golden files, as services meet them on a topic. */
final class Goldens {

    private Goldens() {}

    /** The data of an event of that wire name. */
    static byte[] of(String type) {
        String file = "META-INF/hindsight/golden/" + type + ".json";
        try (InputStream in = Thread.currentThread().getContextClassLoader().getResourceAsStream(file)) {
            return Objects.requireNonNull(in, file).readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
