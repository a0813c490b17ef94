package dev.hindsight.faults;

import static io.restassured.RestAssured.given;

import dev.hindsight.local.Backends;
import dev.hindsight.local.DataDirectory;
import dev.hindsight.local.LocalIdentity;
import dev.hindsight.local.PostgresServer;
import dev.hindsight.local.Service;
import dev.hindsight.local.Stack;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The four services on the backends of the test run; started by whoever asks first, ended with the JVM. */
final class WholeSystem {

    private static final Duration TOKEN = Duration.ofHours(1);

    private static WholeSystem system;

    private final Backends backends = Backends.forTests();
    private final int basePort = freeRange();
    private final Stack stack;
    private final LocalIdentity identity;

    private WholeSystem(Path project, Path data) {
        DataDirectory directory = DataDirectory.at(data);
        directory.hold();
        PostgresServer postgres = backends.postgres();
        stack = new Stack(
                project,
                directory,
                basePort,
                Map.of(
                        "HINDSIGHT_POSTGRES_URL",
                        "postgresql://%s:%s@%s:%d"
                                .formatted(postgres.user(), postgres.password(), postgres.host(), postgres.port()),
                        "HINDSIGHT_KAFKA_BOOTSTRAP",
                        backends.kafkaBootstrap()),
                System.out);
        Runtime.getRuntime().addShutdownHook(new Thread(stack::end));
        stack.start();
        identity = LocalIdentity.in(directory.identity());
    }

    static synchronized WholeSystem running() {
        if (system == null) {
            try {
                Path project = Path.of("../..").toAbsolutePath().normalize();
                system = new WholeSystem(project, Files.createTempDirectory("hindsight-system-"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return system;
    }

    /** Signal 9; the launcher starts it again. */
    void kill(Service service) {
        stack.kill(service);
    }

    RequestSpecification as(String role, Service service) {
        return given().baseUri(service.url(basePort))
                .contentType("application/json")
                .header("Authorization", "Bearer " + identity.token(role, "system-test", TOKEN));
    }

    JsonPath get(Service service, String path) {
        return as("viewer", service).get(path).then().statusCode(200).extract().jsonPath();
    }

    boolean isHealthy(Service service) {
        try {
            return given().baseUri(service.url(basePort)).get("/q/health").statusCode() == 200;
        } catch (Exception refused) {
            // REST Assured throws the connection's own exception, undeclared.
            return false;
        }
    }

    UUID connectPagerDuty(String secret) {
        return UUID.fromString(as("admin", Service.INCIDENT)
                .body(Map.of("name", "PagerDuty of a test", "provider", "pagerduty", "secret", secret))
                .post("/api/v1/integrations")
                .then()
                .statusCode(201)
                .extract()
                .jsonPath()
                .getString("id"));
    }

    Response pagerDuty(UUID integration, String signature, byte[] body) {
        return given().baseUri(Service.INCIDENT.url(basePort))
                .contentType("application/json")
                .header("X-PagerDuty-Signature", signature)
                .body(body)
                .post("/webhooks/pagerduty/" + integration);
    }

    /** A lifecycle event of an incident, in PagerDuty's shape. */
    static byte[] event(String type, String incident, String service, String occurredAt) {
        return """
                {"event":{"id":"%s-%s","event_type":"incident.%s","resource_type":"incident","occurred_at":"%s",
                 "agent":{"id":"PUSER1","type":"user_reference","summary":"Robin Example"},"client":null,
                 "data":{"id":"%s","type":"incident","title":"Search is slow","status":"%s","created_at":"%s",
                  "service":{"id":"PSVC1","type":"service_reference","summary":"%s"},"assignees":[],"teams":[],
                  "priority":null,"urgency":"high","resolve_reason":null}}}""".formatted(incident, type, type, occurredAt, incident, type, occurredAt, service)
                .getBytes(StandardCharsets.UTF_8);
    }

    static String sign(String secret, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return "v1=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    Connection database(Service service) throws SQLException {
        return backends.postgres().connect(service.database());
    }

    /** Kinds of the incident's timeline entries; empty while postmortem-service does not know it. */
    List<String> timelineKinds(String incident) {
        Response answer = as("viewer", Service.POSTMORTEM).get("/api/v1/timelines/" + incident);
        return answer.statusCode() == 200 ? answer.jsonPath().getList("entries.kind") : List.of();
    }

    private static int freeRange() {
        for (int attempt = 0; attempt < 50; attempt++) {
            try (ServerSocket first = new ServerSocket(0)) {
                int port = first.getLocalPort();
                if (port < 65_000 && isFree(port + 1) && isFree(port + 2) && isFree(port + 3)) {
                    return port;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        throw new IllegalStateException("no four free ports in a row");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
