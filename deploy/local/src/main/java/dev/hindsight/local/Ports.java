package dev.hindsight.local;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** Loopback ports, chosen once per data directory and kept as long as nobody else takes them. */
public final class Ports {
    private Ports() {}

    static synchronized int stable(DataDirectory directory, String name) {
        Path file = directory.file("ports.properties");
        var ports = new Properties();
        try {
            if (Files.exists(file)) {
                try (Reader reader = Files.newBufferedReader(file)) {
                    ports.load(reader);
                }
            }
            int known = Integer.parseInt(ports.getProperty(name, "0"));
            if (known > 0 && isFree(known)) {
                return known;
            }
            int chosen = free();
            ports.setProperty(name, Integer.toString(chosen));
            var text = new StringWriter();
            ports.store(text, null);
            DataDirectory.writePrivately(file, text.toString());
            return chosen;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Below the range that the system hands to clients, so that a kept port is not lost to a passing connection. */
    static int free() {
        for (int attempt = 0; attempt < 200; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            if (isFree(port)) {
                return port;
            }
        }
        throw new StartFailed("No free port between 20000 and 32000 on 127.0.0.1.");
    }

    /** The first of as many in a row. */
    public static int freeRange(int length) {
        for (int attempt = 0; attempt < 200; attempt++) {
            int first = free();
            if (IntStream.range(first, first + length).allMatch(Ports::isFree)) {
                return first;
            }
        }
        throw new StartFailed("No " + length + " free ports in a row between 20000 and 32000 on 127.0.0.1.");
    }

    static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
