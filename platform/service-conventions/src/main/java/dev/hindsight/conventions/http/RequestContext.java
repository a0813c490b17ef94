package dev.hindsight.conventions.http;

import dev.hindsight.contract.CatalogEvent;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.conventions.observability.Trace;
import dev.hindsight.conventions.security.DisplayName;
import dev.hindsight.eventstore.CommandContext;
import dev.hindsight.eventstore.IdempotencyKey;
import dev.hindsight.eventstore.StreamIds;
import io.quarkus.security.UnauthorizedException;
import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.RequestScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/** The present request, as a command needs it. Ask for {@link #context()} in the resource method, where the body is read. */
@RequestScoped
public class RequestContext {

    public static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    /** How far ahead of ours a client's clock may be. */
    private static final Duration AHEAD = Duration.ofMinutes(5);

    private static final Pattern ENTITY_TAG = Pattern.compile("(?:W/)?\"(\\d{1,18})\"");
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

    private final RoutingContext request;
    private final SecurityIdentity identity;
    private final Clock clock;
    private @Nullable Instant now;

    RequestContext(RoutingContext request, SecurityIdentity identity, Clock clock) {
        this.request = request;
        this.identity = identity;
        this.clock = clock;
    }

    /** Who asks, when, at which version, once; the actor is the person of the token. */
    public CommandContext context() {
        return context(null);
    }

    /**
     * The same, with the actor that the body names.
     *
     * @param actor id of a person in the catalog; null for the person of the token
     */
    public CommandContext context(@Nullable String actor) {
        String own = person().toString();
        String acting = actor == null ? own : uuid(actor);
        return new CommandContext(
                acting,
                // Who speaks for somebody else stays on record.
                acting.equals(own) ? EventHeader.FROM_API : EventHeader.FROM_API + "/people/" + own,
                now(),
                expectedVersion(),
                idempotencyKey(),
                null,
                traceparent());
    }

    /** The moment of the request, UTC, in microseconds; the same throughout the request. */
    public Instant now() {
        if (now == null) {
            now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        }
        return now;
    }

    /** When it happened: as given, but no more than five minutes from now; now where nothing was given. */
    public Instant occurredAt(@Nullable Instant given) {
        if (given == null) {
            return now();
        }
        if (given.isAfter(now().plus(AHEAD))) {
            throw Invalid.field("occurredAt", "IN_THE_FUTURE", "occurredAt must not be in the future.");
        }
        return given.truncatedTo(ChronoUnit.MICROS);
    }

    /** The {@code sub} claim of the token, or {@code api-token:<id>}. */
    public String subject() {
        if (identity.isAnonymous()) {
            throw new UnauthorizedException();
        }
        if (identity.getPrincipal() instanceof JsonWebToken token && token.getSubject() != null) {
            return token.getSubject();
        }
        return identity.getPrincipal().getName();
    }

    /** The person of the token in the catalog. */
    public UUID person() {
        return StreamIds.person(CatalogEvent.OIDC, subject());
    }

    /** What people call who asks. */
    public String displayName() {
        return DisplayName.of(identity);
    }

    /** With those that they include. */
    public Set<String> roles() {
        return identity.getRoles();
    }

    public String traceparent() {
        return Trace.of(request).traceparent();
    }

    /** The version in If-Match; null where there is none, or any will do ({@code *}). */
    public @Nullable Long expectedVersion() {
        String header = request.request().getHeader("If-Match");
        if (header == null || header.strip().equals("*")) {
            return null;
        }
        Matcher matcher = ENTITY_TAG.matcher(header.strip());
        if (!matcher.matches()) {
            throw Invalid.field(
                    "If-Match", "INVALID_ETAG", "If-Match must be one ETag as it was answered, such as \"7\".");
        }
        return Long.valueOf(matcher.group(1));
    }

    /** Null where the client sent none. */
    public @Nullable IdempotencyKey idempotencyKey() {
        String key = request.request().getHeader(IDEMPOTENCY_KEY);
        if (key == null) {
            return null;
        }
        if (!KEY.matcher(key).matches()) {
            throw Invalid.field(
                    IDEMPOTENCY_KEY,
                    "INVALID_IDEMPOTENCY_KEY",
                    "Idempotency-Key must be 1 to 255 visible ASCII characters.");
        }
        return new IdempotencyKey(
                subject(),
                request.request().method().name(),
                request.normalizedPath(),
                key,
                RequestBody.fingerprint(request));
    }

    private static String uuid(String actor) {
        try {
            return UUID.fromString(actor).toString();
        } catch (IllegalArgumentException e) {
            throw Invalid.field("actor", "INVALID_UUID", "actor must be the UUID of a person in the catalog.");
        }
    }
}
