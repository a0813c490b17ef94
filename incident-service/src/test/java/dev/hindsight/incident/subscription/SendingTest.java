package dev.hindsight.incident.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.hindsight.incident.domain.AddressGuard;
import dev.hindsight.incident.domain.AddressGuard.Network;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests to a real receiver on this machine, and names that lead where they must not. */
class SendingTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private final Vertx vertx = Vertx.vertx();
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<String> hosts = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger elsewhere = new AtomicInteger();
    private HttpServer server;

    @BeforeEach
    void receive() throws IOException {
        server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/status/", exchange -> {
            hosts.add(exchange.getRequestHeaders().getFirst("Host"));
            byte[] body = exchange.getRequestBody().readAllBytes();
            int status = Integer.parseInt(exchange.getRequestURI().getPath().substring("/status/".length()));
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            exchange.getResponseHeaders().add("Retry-After", "7");
            exchange.sendResponseHeaders(status, status == 204 ? -1 : body.length);
            if (status != 204) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        server.createContext("/elsewhere", exchange -> {
            elsewhere.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.createContext("/never", exchange -> {
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        server.createContext("/endless", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] piece = new byte[8_192];
            Arrays.fill(piece, (byte) 'x');
            try {
                while (over.getCount() > 0) {
                    exchange.getResponseBody().write(piece);
                }
            } catch (IOException e) {
                elsewhere.incrementAndGet();
            }
            exchange.close();
        });
        server.createContext("/drip", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('x');
            exchange.getResponseBody().flush();
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void end() {
        over.countDown();
        server.stop(0);
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private Sending.Result send(String url, Duration timeout, List<String> allowed, List<String> addresses) {
        AddressGuard guard =
                new AddressGuard(allowed.stream().map(Network::parse).toList(), true);
        Sending sending = new Sending(
                vertx,
                guard,
                timeout,
                host -> addresses.isEmpty()
                        ? Future.failedFuture(new UnknownHostException(host))
                        : Future.succeededFuture(
                                addresses.stream().map(InetAddress::ofLiteral).toList()));
        try {
            return sending.send(
                            url,
                            Map.of("Content-Type", "application/json"),
                            "some\nbody".getBytes(StandardCharsets.UTF_8),
                            0)
                    .await()
                    .atMost(PATIENCE);
        } finally {
            sending.close();
        }
    }

    private Sending.Result send(String path) {
        return send(url(path), Duration.ofSeconds(5), List.of("127.0.0.1"), List.of("127.0.0.1"));
    }

    @Test
    void a2xxIsDelivered() {
        for (int status : List.of(200, 202, 204)) {
            Sending.Result result = send("/status/" + status);
            assertThat(result.outcome().isDelivered()).isTrue();
            assertThat(result.detail()).isNull();
        }
    }

    @Test
    void whatARefusalSaysIsKeptAsOneLine() {
        Sending.Result result = send("/status/503");
        assertThat(result.outcome().status()).isEqualTo(503);
        assertThat(result.outcome().retryAfter()).isEqualTo(Duration.ofSeconds(7));
        assertThat(result.detail()).isEqualTo("some body");
    }

    @Test
    void noRedirectIsFollowed() {
        for (int status : List.of(301, 302, 303, 307, 308)) {
            assertThat(send("/status/" + status).outcome().status()).isEqualTo(status);
        }
        assertThat(elsewhere).hasValue(0);
    }

    @Test
    void theConnectionGoesToTheAddressThatWasJudgedUnderTheNamesHost() {
        String named = "http://hooks.example.org:" + server.getAddress().getPort() + "/status/200";
        assertThat(send(named, Duration.ofSeconds(5), List.of("127.0.0.1"), List.of("127.0.0.1"))
                        .outcome()
                        .isDelivered())
                .isTrue();
        assertThat(hosts)
                .containsExactly("hooks.example.org:" + server.getAddress().getPort());
    }

    @Test
    void aNameThatLeadsToAnAddressThatIsNotPublicIsNotConnectedTo() {
        String named = "http://hooks.example.org:" + server.getAddress().getPort() + "/status/200";
        for (List<String> addresses : List.of(
                List.of("127.0.0.1"),
                List.of("8.8.8.8", "127.0.0.1"),
                List.of("::1"),
                List.of("169.254.169.254"),
                List.of("64:ff9b::127.0.0.1"))) {
            Sending.Result result = send(named, Duration.ofSeconds(5), List.of("10.0.0.0/8"), addresses);
            assertThat(result.outcome().error()).isEqualTo("ADDRESS_NOT_ALLOWED");
            assertThat(result.outcome().status()).isNull();
        }
        assertThat(hosts).isEmpty();
    }

    @Test
    void aLiteralThatIsNotPublicIsNotConnectedToWhateverANameServerWouldSay() {
        Sending.Result result =
                send(url("/status/200"), Duration.ofSeconds(5), List.of("10.0.0.0/8"), List.of("10.0.0.1"));
        assertThat(result.outcome().error()).isEqualTo("ADDRESS_NOT_ALLOWED");
        assertThat(hosts).isEmpty();
    }

    @Test
    void whoDoesNotAnswerInTimeIsLeft() {
        for (String path : List.of("/never", "/drip")) {
            long began = System.nanoTime();
            Sending.Result result = send(url(path), Duration.ofMillis(300), List.of("127.0.0.1"), List.of("127.0.0.1"));
            assertThat(result.outcome().error()).isEqualTo("TIMEOUT");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void ofAnEndlessAnswerOnlyTheBeginningIsRead() {
        Sending.Result result = send("/endless");
        assertThat(result.outcome().isDelivered()).isTrue();
        assertThat(result.took()).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void whoIsNotThereIsNotReached() {
        server.stop(0);
        assertThat(send("/status/200").outcome().error()).isEqualTo("NOT_CONNECTED");
        assertThat(send("http://hooks.example.org/", Duration.ofSeconds(5), List.of(), List.of())
                        .outcome()
                        .error())
                .isEqualTo("UNKNOWN_HOST");
    }

    @Test
    void tlsWithWhoSpeaksNoneFails() {
        Sending.Result result = send(
                url("/status/200").replace("http:", "https:"),
                Duration.ofSeconds(1),
                List.of("127.0.0.1"),
                List.of("127.0.0.1"));
        assertThat(result.outcome().isDelivered()).isFalse();
        assertThat(result.outcome().error()).isIn("TLS_FAILED", "CONNECTION_LOST", "TIMEOUT");
        assertThat(hosts).isEmpty();
    }

    @Test
    void retryAfterIsSecondsOrADate() {
        Instant now = Instant.parse("2026-11-21T10:00:00Z");
        assertThat(Sending.retryAfter("120", now)).isEqualTo(Duration.ofMinutes(2));
        assertThat(Sending.retryAfter("Sat, 21 Nov 2026 10:01:00 GMT", now)).isEqualTo(Duration.ofMinutes(1));
        for (String nothing : List.of("", "soon", "-5", "99999999999")) {
            assertThat(Sending.retryAfter(nothing, now)).isNull();
        }
        assertThat(Sending.retryAfter(null, now)).isNull();
    }
}
