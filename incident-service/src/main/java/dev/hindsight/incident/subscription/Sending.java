package dev.hindsight.incident.subscription;

import dev.hindsight.incident.domain.AddressGuard;
import dev.hindsight.incident.domain.AddressGuard.Objection;
import dev.hindsight.incident.domain.DeliveryPolicy.Outcome;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One request to a receiver. Its name is looked up anew each time, every address that it leads to is judged, and the connection
 * goes to one of those that were judged, so that a name cannot lead elsewhere in between; Host and SNI are the name's. No redirect
 * is followed, no more than the beginning of the answer is read, and all of it has to be over in time.
 */
final class Sending {

    private static final int MOST_OF_AN_ANSWER = 64 * 1024;
    private static final int EXCERPT = 300;
    private static final int HTTPS = 443;
    private static final int HTTP = 80;

    private final Vertx vertx;
    private final HttpClient client;
    private final AddressGuard guard;
    private final Function<String, Future<List<InetAddress>>> names;
    private final Duration timeout;

    Sending(Vertx vertx, AddressGuard guard, Duration timeout, Function<String, Future<List<InetAddress>>> names) {
        this.vertx = vertx;
        this.guard = guard;
        this.timeout = timeout;
        this.names = names;
        this.client = vertx.createHttpClient(new HttpClientOptions()
                .setConnectTimeout((int) timeout.toMillis())
                .setMaxPoolSize(16)
                .setKeepAliveTimeout(5)
                .setDecompressionSupported(false));
    }

    /**
     * What came of it.
     *
     * @param detail the beginning of the answer, or what went wrong in words; null where there is nothing to say
     */
    record Result(Outcome outcome, @Nullable String detail, Duration took) {}

    /** Never fails. @param attempt counted from 0: a name with several addresses is tried at one after the other */
    Uni<Result> send(String url, Map<String, String> headers, byte[] body, int attempt) {
        return Uni.createFrom().completionStage(() -> {
            long began = System.nanoTime();
            Promise<Result> done = Promise.promise();
            Exchange exchange = new Exchange(done, began);
            long timer = vertx.setTimer(Math.max(1, timeout.toMillis()), late -> exchange.late());
            exchange.begin(url, headers, body, attempt);
            return done.future().onComplete(over -> vertx.cancelTimer(timer)).toCompletionStage();
        });
    }

    void close() {
        client.close();
    }

    /** How long the receiver asks to be left alone; null where it says nothing that can be read. */
    static @Nullable Duration retryAfter(@Nullable String header, Instant now) {
        if (header == null) {
            return null;
        }
        String text = header.strip();
        try {
            return text.matches("\\d{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(text))
                    : Duration.between(
                            now,
                            ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant());
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private final class Exchange {
        private final Promise<Result> done;
        private final long began;
        private volatile @Nullable HttpClientRequest request;

        Exchange(Promise<Result> done, long began) {
            this.done = done;
            this.began = began;
        }

        void begin(String url, Map<String, String> headers, byte[] body, int attempt) {
            Optional<Objection> objection = guard.against(url);
            if (objection.isPresent()) {
                failed(objection.get().code(), objection.get().message());
                return;
            }
            URI uri = URI.create(url);
            String host = uri.getHost().startsWith("[")
                    ? uri.getHost().substring(1, uri.getHost().length() - 1)
                    : uri.getHost();
            names.apply(host)
                    .onFailure(this::failed)
                    .onSuccess(addresses -> connect(uri, host, addresses, headers, body, attempt));
        }

        private void connect(
                URI uri,
                String host,
                List<InetAddress> addresses,
                Map<String, String> headers,
                byte[] body,
                int attempt) {
            if (done.future().isComplete()) {
                return;
            }
            if (addresses.isEmpty()) {
                failed(new UnknownHostException(host));
                return;
            }
            for (InetAddress address : addresses) {
                Optional<Objection> objection = guard.against(address);
                if (objection.isPresent()) {
                    failed(objection.get().code(), objection.get().message());
                    return;
                }
            }
            List<InetAddress> inOrder = AddressGuard.inOrder(addresses);
            InetAddress address = inOrder.get(attempt % inOrder.size());
            boolean tls = uri.getScheme().toLowerCase(Locale.ROOT).equals("https");
            int port = uri.getPort() > 0 ? uri.getPort() : tls ? HTTPS : HTTP;
            String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            RequestOptions options = new RequestOptions()
                    .setMethod(HttpMethod.POST)
                    .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress()))
                    .setHost(host)
                    .setPort(port)
                    .setSsl(tls)
                    .setURI(uri.getRawQuery() == null ? path : path + '?' + uri.getRawQuery())
                    .setFollowRedirects(false);
            client.request(options).onFailure(this::failed).onSuccess(open -> {
                request = open;
                if (done.future().isComplete()) {
                    open.reset();
                    return;
                }
                headers.forEach(open::putHeader);
                open.send(Buffer.buffer(body)).onFailure(this::failed).onSuccess(this::answered);
            });
        }

        private void answered(HttpClientResponse response) {
            Outcome outcome = new Outcome(
                    response.statusCode(), retryAfter(response.getHeader("Retry-After"), Instant.now()), null);
            Buffer beginning = Buffer.buffer();
            long[] read = {0};
            response.handler(piece -> {
                if (beginning.length() < EXCERPT) {
                    beginning.appendBuffer(piece, 0, Math.min(piece.length(), EXCERPT - beginning.length()));
                }
                read[0] += piece.length();
                if (read[0] > MOST_OF_AN_ANSWER) {
                    // The status says what counts.
                    over(outcome, beginning);
                    response.request().reset();
                }
            });
            response.exceptionHandler(broken -> over(outcome, beginning));
            response.endHandler(end -> over(outcome, beginning));
        }

        private void over(Outcome outcome, Buffer beginning) {
            String text = printable(beginning.toString(StandardCharsets.UTF_8));
            done.tryComplete(new Result(outcome, outcome.isDelivered() || text.isEmpty() ? null : text, took()));
        }

        private void failed(Throwable failure) {
            String code =
                    switch (failure) {
                        case UnknownHostException _ -> "UNKNOWN_HOST";
                        case SSLException _ -> "TLS_FAILED";
                        case ConnectException _ -> "NOT_CONNECTED";
                        default -> "CONNECTION_LOST";
                    };
            failed(code, String.valueOf(failure.getMessage()));
        }

        private void failed(String code, String because) {
            done.tryComplete(new Result(new Outcome(null, null, code), shortened(printable(because)), took()));
        }

        void late() {
            failed("TIMEOUT", "There was no answer within " + timeout.toSeconds() + " s.");
            HttpClientRequest open = request;
            if (open != null) {
                open.reset();
            }
        }

        private Duration took() {
            return Duration.ofNanos(System.nanoTime() - began);
        }
    }

    private static String shortened(String text) {
        return text.length() > EXCERPT ? text.substring(0, EXCERPT) : text;
    }

    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ").strip();
    }
}
