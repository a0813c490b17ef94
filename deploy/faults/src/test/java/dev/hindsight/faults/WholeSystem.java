package dev.hindsight.faults;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import dev.hindsight.local.DataDirectory;
import dev.hindsight.local.LocalIdentity;
import dev.hindsight.local.LocalKafka;
import dev.hindsight.local.LocalPostgres;
import dev.hindsight.local.Ports;
import dev.hindsight.local.PostgresServer;
import dev.hindsight.local.Service;
import dev.hindsight.local.Stack;
import dev.hindsight.local.Stack.Instance;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The four services on a PostgreSQL and a broker of their own, which tests may kill; started by whoever asks first, ended
 * with the JVM.
 */
final class WholeSystem {

    private static final Duration TOKEN = Duration.ofHours(1);

    private static final Duration UNTIL_HEALTHY = Duration.ofMinutes(2);
    private static final Duration A_MOMENT = Duration.ofMillis(200);

    private static WholeSystem system;

    private final DataDirectory backends;
    private final int basePort;
    private final LocalKafka kafka;
    private final Stack stack;
    private final LocalIdentity identity;
    private volatile LocalPostgres postgres;
    private boolean doubled;

    private WholeSystem(Path project, Path data) {
        backends = DataDirectory.at(data.resolve("backends"));
        backends.hold();
        var ready = CompletableFuture.supplyAsync(() -> LocalKafka.start(backends));
        postgres = LocalPostgres.start(backends);
        kafka = ready.join();
        // Now that the backends have theirs.
        basePort = Ports.freeRange(2 * Service.values().length);
        DataDirectory directory = DataDirectory.at(data.resolve("stack"));
        directory.hold();
        PostgresServer server = postgres.server();
        stack = new Stack(
                project,
                directory,
                basePort,
                Map.of(
                        "HINDSIGHT_POSTGRES_URL",
                        "postgresql://%s:%s@%s:%d"
                                .formatted(server.user(), server.password(), server.host(), server.port()),
                        "HINDSIGHT_KAFKA_BOOTSTRAP",
                        kafka.bootstrap()),
                System.out);
        Runtime.getRuntime().addShutdownHook(new Thread(this::end));
        stack.start();
        identity = LocalIdentity.in(directory.identity());
    }

    private void end() {
        stack.end();
        kafka.close();
        postgres.close();
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

    /** The same, with a second instance of each service; they stay. */
    static synchronized WholeSystem runningTwice() {
        WholeSystem running = running();
        if (!running.doubled) {
            running.stack.add(Stream.of(Service.values())
                    .map(service -> new Instance(service, 2))
                    .toList());
            running.doubled = true;
        }
        return running;
    }

    /** Signal 9; the launcher starts it again. */
    void kill(Service service) {
        kill(new Instance(service, 1));
    }

    /** Signal 9; the launcher starts it again. */
    void kill(Instance instance) {
        stack.kill(instance);
    }

    /** Signal 9 to every instance of these services, which stay away while something is done to what they read. */
    void whileAway(List<Service> services, Runnable work) {
        List<Instance> away = instances().stream()
                .filter(each -> services.contains(each.service()))
                .toList();
        away.forEach(stack::remove);
        try {
            work.run();
        } finally {
            stack.add(away);
        }
    }

    /** Every process that was started. */
    List<Instance> instances() {
        return Stream.of(Service.values())
                .flatMap(service ->
                        IntStream.rangeClosed(1, doubled ? 2 : 1).mapToObj(number -> new Instance(service, number)))
                .toList();
    }

    /** Signal 9 to all of PostgreSQL; it is away until {@link #restartPostgres}. */
    void killPostgres() {
        postgres.kill();
    }

    void restartPostgres() {
        postgres = LocalPostgres.start(backends);
    }

    String bootstrap() {
        return kafka.bootstrap();
    }

    String url(Instance instance) {
        return instance.url(basePort);
    }

    String token(String role) {
        return identity.token(role, "system-test", TOKEN);
    }

    RequestSpecification as(String role, Service service) {
        return as(role, "system-test", service);
    }

    RequestSpecification as(String role, String subject, Service service) {
        return at(service)
                .contentType("application/json")
                .header("Authorization", "Bearer " + identity.token(role, subject, TOKEN));
    }

    /** Whoever it is. */
    RequestSpecification at(Service service) {
        return given().baseUri(service.url(basePort));
    }

    JsonPath get(Service service, String path) {
        return as("viewer", service).get(path).then().statusCode(200).extract().jsonPath();
    }

    boolean isHealthy(Service service) {
        return isHealthy(new Instance(service, 1));
    }

    boolean isHealthy(Instance instance) {
        try {
            return given().baseUri(url(instance)).get("/q/health").statusCode() == 200;
        } catch (Exception refused) {
            // REST Assured throws the connection's own exception, undeclared.
            return false;
        }
    }

    /** Returns when everything that was started is healthy, however a test before left it. */
    WholeSystem healthy() {
        instances()
                .forEach(instance ->
                        await().atMost(UNTIL_HEALTHY).pollInterval(A_MOMENT).until(() -> isHealthy(instance)));
        return this;
    }

    UUID connectPagerDuty(String secret) {
        return connect("pagerduty", secret);
    }

    UUID connect(String provider, String secret) {
        return connect(provider, secret, Map.of());
    }

    /** @param settings of the integration, beside its name, provider and secret */
    UUID connect(String provider, String secret, Map<String, ?> settings) {
        Map<String, Object> body =
                new HashMap<>(Map.of("name", "The tool of a test", "provider", provider, "secret", secret));
        body.putAll(settings);
        return UUID.fromString(as("admin", Service.INCIDENT)
                .body(body)
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
        return postgres.server().connect(service.database());
    }

    /** Kinds of the incident's timeline entries; empty while postmortem-service does not know it. */
    List<String> timelineKinds(String incident) {
        Response answer = as("viewer", Service.POSTMORTEM).get("/api/v1/timelines/" + incident);
        return answer.statusCode() == 200 ? answer.jsonPath().getList("entries.kind") : List.of();
    }
}
