package dev.hindsight.conventions.observability;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/**
 * The W3C Trace Context of a request: taken from its {@code traceparent} header or made here, put into each log line as
 * {@code traceId}, into each event as {@code traceparent}, and told to the client in {@code traceresponse}.
 *
 * @param traceId 32 lower-case hex digits
 * @param traceparent of this service's part of the trace
 */
public record Trace(String traceId, String traceparent) {

    /** Name in the log's context. */
    public static final String TRACE_ID = "traceId";

    private static final String KEY = Trace.class.getName();
    private static final Pattern TRACEPARENT =
            Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");
    private static final HexFormat HEX = HexFormat.of();

    /** The trace of a request. */
    public static Trace of(RoutingContext request) {
        Trace known = request.get(KEY);
        if (known == null) {
            known = parse(request.request().getHeader("traceparent"));
            request.put(KEY, known);
        }
        return known;
    }

    static Trace parse(@Nullable String header) {
        String given = header == null ? "" : header;
        Matcher matcher = TRACEPARENT.matcher(given);
        boolean usable = matcher.matches()
                && !given.startsWith("ff")
                && !matcher.group(1).equals("0".repeat(32))
                && !matcher.group(2).equals("0".repeat(16));
        ThreadLocalRandom random = ThreadLocalRandom.current();
        String traceId =
                usable ? matcher.group(1) : HEX.toHexDigits(random.nextLong()) + HEX.toHexDigits(random.nextLong() | 1);
        String flags = usable ? matcher.group(3) : "01";
        return new Trace(traceId, "00-" + traceId + "-" + HEX.toHexDigits(random.nextLong() | 1) + "-" + flags);
    }

    /** Puts the incident that the present work is about into each log line that follows. */
    public static void about(UUID incidentId) {
        MDC.put("incidentId", incidentId.toString());
    }

    /** Before everything else that a request meets. */
    @ApplicationScoped
    public static class Start {

        private static final int BEFORE_ALL = 1_000;

        void register(@Observes Filters filters) {
            filters.register(
                    request -> {
                        Trace trace = Trace.of(request);
                        MDC.put(TRACE_ID, trace.traceId());
                        request.response().putHeader("traceresponse", trace.traceparent());
                        request.next();
                    },
                    BEFORE_ALL);
        }
    }
}
