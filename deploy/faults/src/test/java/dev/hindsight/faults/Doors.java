package dev.hindsight.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.local.Service;
import dev.hindsight.local.Stack.Instance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A client of services that have two instances each. A request that got no answer, or was told to come again, is sent again
 * as it was, with the same key and body, to the other instance, until there is an answer.
 */
final class Doors {

    private static final Duration ONE_ATTEMPT = Duration.ofSeconds(10);
    private static final Duration ALL_ATTEMPTS = Duration.ofMinutes(3);
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(100);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final WholeSystem system;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(ONE_ATTEMPT)
            .build();
    private final Map<String, String> tokens = new ConcurrentHashMap<>();
    private final AtomicLong repetitions = new AtomicLong();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    Doors(WholeSystem system) {
        this.system = system;
    }

    /**
     * An answer of 2xx.
     *
     * @param version the header {@code Hindsight-Version}; empty where there is none
     */
    record Answer(int status, String version, JsonNode body) {

        String id() {
            return body.path("id").asText();
        }
    }

    /** Gives a command with an Idempotency-Key of its own. */
    Answer command(Service service, String role, String path, Map<String, ?> body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder()
                .header("Authorization", bearer(role))
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .POST(BodyPublishers.ofByteArray(bytes(body)));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return untilAnswered(service, path, request);
    }

    /** Delivers as PagerDuty does, with its signature. */
    Answer pagerDuty(UUID integration, String secret, byte[] body) {
        return untilAnswered(
                Service.INCIDENT,
                "/webhooks/pagerduty/" + integration,
                HttpRequest.newBuilder()
                        .header("X-PagerDuty-Signature", WholeSystem.sign(secret, body))
                        .POST(BodyPublishers.ofByteArray(body)));
    }

    /** Delivers as Alertmanager does, with the secret as bearer token, to this instance. */
    HttpResponse<String> alertmanager(Instance instance, UUID integration, String secret, byte[] body)
            throws IOException {
        return send(
                instance,
                "/webhooks/alertmanager/" + integration,
                HttpRequest.newBuilder()
                        .header("Authorization", "Bearer " + secret)
                        .POST(BodyPublishers.ofByteArray(body)));
    }

    JsonNode get(Service service, String path) {
        return get(service, path, "viewer");
    }

    JsonNode get(Service service, String path, String role, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder().header("Authorization", bearer(role)).GET();
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return untilAnswered(service, path, request).body();
    }

    /** One attempt at one instance, whatever comes of it. */
    HttpResponse<String> once(Instance instance, String role, String path, String... headers) throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder().header("Authorization", bearer(role)).GET();
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return send(instance, path, request);
    }

    /** How often a request was sent again. */
    long repetitions() {
        return repetitions.get();
    }

    /** Answers of 500: nothing that is killed beside a service may make it answer that it does not know what happened. */
    Queue<String> failures() {
        return failures;
    }

    private Answer untilAnswered(Service service, String path, HttpRequest.Builder request) {
        Instant deadline = Instant.now().plus(ALL_ATTEMPTS);
        int number = ThreadLocalRandom.current().nextInt(1, 3);
        String last = "";
        while (Instant.now().isBefore(deadline)) {
            Instance instance = new Instance(service, number);
            try {
                HttpResponse<String> response = send(instance, path, request);
                int status = response.statusCode();
                if (status / 100 == 2) {
                    return new Answer(
                            status,
                            response.headers().firstValue("Hindsight-Version").orElse(""),
                            JSON.readTree(response.body()));
                }
                last = instance.name() + " answered " + status + " to " + path + ": " + response.body();
                if (status == 500) {
                    failures.add(last);
                } else if (status != 503) {
                    throw new AssertionError(last);
                }
            } catch (IOException noAnswer) {
                last = instance.name() + ": " + noAnswer;
            }
            repetitions.incrementAndGet();
            number = 3 - number;
            LockSupport.parkNanos(BETWEEN_ATTEMPTS.toNanos());
        }
        throw new AssertionError("no answer within " + ALL_ATTEMPTS + "; last: " + last);
    }

    private HttpResponse<String> send(Instance instance, String path, HttpRequest.Builder request) throws IOException {
        try {
            return http.send(
                    request.copy()
                            .uri(URI.create(system.url(instance) + path))
                            .timeout(ONE_ATTEMPT)
                            .header("Content-Type", "application/json")
                            .build(),
                    BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private String bearer(String role) {
        return "Bearer " + tokens.computeIfAbsent(role, system::token);
    }

    private static byte[] bytes(Map<String, ?> body) {
        try {
            return JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
