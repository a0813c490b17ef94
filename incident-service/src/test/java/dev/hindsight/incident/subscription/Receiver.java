package dev.hindsight.incident.subscription;

import com.fasterxml.jackson.databind.JsonNode;
import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.awaitility.Awaitility;

/** Who receives webhooks, on a port of this machine: answers as it is told to, goes away and comes back. */
final class Receiver implements AutoCloseable {

    /** An answer other than 2xx. */
    record Answer(int status, long afterMillis) {
        static final Answer OK = new Answer(204, 0);
    }

    /** What came. @param verified whether the scheme's own library says that it is signed with the secret */
    record Received(HttpHeaders headers, String text, JsonNode body, int status, boolean verified) {

        String id() {
            return headers.firstValue("webhook-id").orElse("");
        }

        String type() {
            return body.path("type").asText();
        }

        String key() {
            return body.at("/data/key").asText();
        }

        long sequence() {
            return body.at("/data/sequence").asLong();
        }

        JsonNode event() {
            return body.at("/data/event");
        }

        boolean isAccepted() {
            return status / 100 == 2;
        }
    }

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Received> received = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger elsewhere = new AtomicInteger();
    private final int port;
    private volatile Function<JsonNode, Answer> answering = body -> Answer.OK;
    private volatile String secret = "";
    private volatile HttpServer server;

    Receiver() {
        server = open(0);
        port = server.getAddress().getPort();
    }

    private HttpServer open(int at) {
        try {
            HttpServer opened = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), at), 0);
            opened.setExecutor(threads);
            opened.createContext("/hook", this::receive);
            opened.createContext("/elsewhere", exchange -> {
                elsewhere.incrementAndGet();
                exchange.sendResponseHeaders(204, -1);
                exchange.close();
            });
            opened.start();
            return opened;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + port + "/hook";
    }

    void secret(String signed) {
        this.secret = signed;
    }

    void answers(Function<JsonNode, Answer> how) {
        this.answering = how;
    }

    void goesAway() {
        server.stop(0);
    }

    /** On the port it had, even where a connection of somebody else's has it for a moment. */
    void comesBack() {
        server = Awaitility.await("the port is free").ignoreExceptions().until(() -> open(port), Objects::nonNull);
    }

    /** Everything that came, in the order of its answers. */
    List<Received> received() {
        synchronized (received) {
            return List.copyOf(received);
        }
    }

    /** What was answered 2xx. */
    List<Received> accepted() {
        return received().stream().filter(Received::isAccepted).toList();
    }

    /** How often somebody followed a redirect. */
    int elsewhere() {
        return elsewhere.get();
    }

    private void receive(HttpExchange exchange) throws IOException {
        String text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        HttpHeaders headers = HttpHeaders.of(exchange.getRequestHeaders(), (name, value) -> true);
        JsonNode body = Payload.tree(text);
        Answer answer = answering.apply(body);
        try {
            Thread.sleep(answer.afterMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        received.add(new Received(headers, text, body, answer.status(), verified(text, headers)));
        exchange.getResponseHeaders().add("Location", "http://127.0.0.1:" + port + "/elsewhere");
        exchange.sendResponseHeaders(answer.status(), -1);
        exchange.close();
    }

    private boolean verified(String text, HttpHeaders headers) {
        try {
            new Webhook(secret).verify(text, headers);
            return true;
        } catch (WebhookVerificationException | IllegalArgumentException e) {
            return false;
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
