package dev.hindsight.conventions.http;

import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.conventions.problem.BodyTooLarge;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the connection and whatever reads a body: bounds it, keeps its SHA-256 for the Idempotency-Key, and takes
 * an empty JSON body for an empty object, so that commands without a required field need no body. Bodies that are streamed
 * ({@code InputStream}) pass untouched.
 */
@Provider
public class RequestBody implements ReaderInterceptor {

    private static final String FINGERPRINT = RequestBody.class.getName();
    private static final byte[] NOTHING = {};
    private static final byte[] EMPTY_OBJECT = "{}".getBytes(StandardCharsets.US_ASCII);

    @Inject
    RoutingContext request;

    @Inject
    RequestLimits limits;

    @Override
    public @Nullable Object aroundReadFrom(ReaderInterceptorContext context)
            throws IOException, WebApplicationException {
        Class<?> type = context.getType();
        if (InputStream.class.isAssignableFrom(type) || Reader.class.isAssignableFrom(type)) {
            return context.proceed();
        }
        byte[] body = read(context.getInputStream());
        if (request.request().getHeader(RequestContext.IDEMPOTENCY_KEY) != null) {
            request.put(FINGERPRINT, sha256(body));
        }
        boolean raw = type == byte[].class || type == String.class;
        context.setInputStream(new ByteArrayInputStream(body.length == 0 && !raw ? EMPTY_OBJECT : body));
        Object entity = context.proceed();
        if (entity == null && !raw) {
            throw Invalid.field("", "BODY_MISSING", "The body must be an object.");
        }
        return entity;
    }

    /** SHA-256 of the body that was read; of nothing where the operation reads none. */
    static byte[] fingerprint(RoutingContext request) {
        byte[] fingerprint = request.get(FINGERPRINT);
        return fingerprint == null ? sha256(NOTHING) : fingerprint;
    }

    private byte[] read(@Nullable InputStream stream) throws IOException {
        if (stream == null) {
            return NOTHING;
        }
        int max = Math.toIntExact(limits.maxBody());
        byte[] body = stream.readNBytes(max + 1);
        if (body.length > max) {
            request.response().putHeader("Connection", "close");
            throw new BodyTooLarge(max);
        }
        return body;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
