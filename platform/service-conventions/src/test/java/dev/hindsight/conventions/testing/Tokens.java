package dev.hindsight.conventions.testing;

import dev.hindsight.local.LocalIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Values of the Authorization header: good ones, and each kind that must be refused. */
public final class Tokens {

    public static final String SUBJECT = "ada@example.org";

    private static final String DIRECTORY = "hindsight.test.identity";

    private Tokens() {}

    public static String bearer(String role) {
        return bearer(role, SUBJECT);
    }

    public static String bearer(String role, String subject) {
        return "Bearer " + identity().token(role, subject, Duration.ofMinutes(10));
    }

    /** A good token whose claims are changed; a null value takes a claim away. */
    public static String bearer(String role, Map<String, ?> changes) {
        Map<String, Object> claims = LocalIdentity.claims(role, SUBJECT, Duration.ofMinutes(10));
        changes.forEach((claim, value) -> {
            if (value == null) {
                claims.remove(claim);
            } else {
                claims.put(claim, value);
            }
        });
        return "Bearer " + identity().token(claims);
    }

    /** A login link's token for the service named {@code sample}, with changed claims. */
    public static String login(String role, Map<String, ?> changes) {
        Map<String, Object> claims = LocalIdentity.claims(role, SUBJECT, Duration.ofMinutes(5));
        claims.put("aud", "hindsight-login/sample");
        claims.put("jti", UUID.randomUUID().toString());
        claims.putAll(changes);
        return identity().token(claims);
    }

    public static String withoutRole() {
        return bearer("viewer", Map.of("groups", List.of()));
    }

    public static String expired() {
        long hourAgo = Instant.now().getEpochSecond() - 3600;
        return bearer("admin", Map.of("iat", hourAgo - 600, "exp", hourAgo));
    }

    public static String ofAnotherIssuer() {
        return bearer("admin", Map.of("iss", "https://elsewhere.example.org"));
    }

    public static String forAnotherAudience() {
        return bearer("admin", Map.of("aud", "another-application"));
    }

    /** Claims as they should be, signed by a key that nobody vouches for. */
    public static String ofAnotherKey() {
        return "Bearer " + identity("other").token("admin", SUBJECT, Duration.ofMinutes(10));
    }

    /** Claims as they should be, signed by nobody ({@code alg: none}). */
    public static String unsigned() {
        String[] parts = bearer("admin").substring("Bearer ".length()).split("\\.");
        return "Bearer " + base64("{\"alg\":\"none\",\"typ\":\"JWT\"}") + "." + parts[1] + ".";
    }

    /** Signed as an HMAC with the public key for a secret, the classic confusion. */
    public static String hmacWithPublicKey() {
        try {
            String[] parts = bearer("admin").substring("Bearer ".length()).split("\\.");
            String signed = base64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "." + parts[1];
            var mac = javax.crypto.Mac.getInstance("HmacSHA256");
            mac.init(new javax.crypto.spec.SecretKeySpec(
                    Base64.getDecoder().decode(identity().publicKeyBase64()), "HmacSHA256"));
            return "Bearer " + signed + "."
                    + Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A role added to a good token, whose signature no longer fits. */
    public static String tampered() {
        String[] parts = bearer("viewer").substring("Bearer ".length()).split("\\.");
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
        return "Bearer " + parts[0] + "." + base64(claims.replace("viewer", "admin")) + "." + parts[2];
    }

    static LocalIdentity identity() {
        return identity("good");
    }

    private static LocalIdentity identity(String name) {
        // Quarkus loads this class in several class loaders: what they share is the JVM's system properties.
        synchronized (System.getProperties()) {
            try {
                if (System.getProperty(DIRECTORY) == null) {
                    System.setProperty(
                            DIRECTORY,
                            Files.createTempDirectory("hindsight-identity-").toString());
                }
                Path directory = Files.createDirectories(Path.of(System.getProperty(DIRECTORY), name));
                return LocalIdentity.in(directory);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static String base64(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
