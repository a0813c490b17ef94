package dev.hindsight.local;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/** As much of a service as the launcher sees: it reads its environment, answers the health check, or dies. */
public final class FakeService {
    private FakeService() {}

    public static void main(String[] args) throws IOException {
        String jar = System.getProperty("java.class.path");
        String name =
                Path.of(jar).getParent().getParent().getParent().getFileName().toString();
        if (Files.exists(Path.of(name + ".fails"))) {
            System.out.println("the last words of " + name);
            System.exit(7);
        }
        for (String needed : new String[] {
            "QUARKUS_DATASOURCE_REACTIVE_URL",
            "KAFKA_BOOTSTRAP_SERVERS",
            "HINDSIGHT_OIDC_PUBLIC_KEY",
            "HINDSIGHT_ENCRYPTION_KEY"
        }) {
            if (System.getenv(needed) == null) {
                throw new IllegalStateException(needed + " is missing");
            }
        }
        var address = new InetSocketAddress(
                System.getenv("QUARKUS_HTTP_HOST"), Integer.parseInt(System.getenv("QUARKUS_HTTP_PORT")));
        HttpServer server = HttpServer.create(address, 0);
        server.createContext("/q/health", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }
}
