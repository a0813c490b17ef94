package dev.hindsight.local;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Who may come in on one machine: an RSA key pair (2048 bits, made at the first use, readable by its owner only), and the
 * RS256 tokens it signs. A service is given {@link #publicKeyBase64()} as {@code quarkus.oidc.public-key}; a real
 * installation has an OIDC provider instead.
 */
public final class LocalIdentity {
    public static final String ISSUER = "https://hindsight.local";
    public static final String AUDIENCE = "hindsight";
    /** From the least to the most. */
    public static final List<String> ROLES = List.of("viewer", "responder", "editor", "admin");

    /** How long a login link is valid. */
    public static final Duration LOGIN = Duration.ofMinutes(5);

    private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

    private final Path directory;
    private final KeyPair keys;

    private LocalIdentity(Path directory, KeyPair keys) {
        this.directory = directory;
        this.keys = keys;
    }

    /** The identity kept in this directory; the first call makes it. */
    public static LocalIdentity in(Path directory) {
        String encoded = DataDirectory.readOrCreatePrivately(
                directory.resolve("private-key.pkcs8"), LocalIdentity::newPrivateKey);
        try {
            KeyFactory rsa = KeyFactory.getInstance("RSA");
            var key = (RSAPrivateCrtKey) rsa.generatePrivate(
                    new PKCS8EncodedKeySpec(Base64.getDecoder().decode(encoded.strip())));
            var publicKey = rsa.generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
            return new LocalIdentity(directory, new KeyPair(publicKey, key));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new StartFailed("The key in " + directory + " cannot be read; delete it to get a new one.", e);
        }
    }

    private static String newPrivateKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return Base64.getEncoder()
                            .encodeToString(
                                    generator.generateKeyPair().getPrivate().getEncoded()) + "\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** X.509 (SubjectPublicKeyInfo), base64, without PEM armour. */
    public String publicKeyBase64() {
        return Base64.getEncoder().encodeToString(keys.getPublic().getEncoded());
    }

    /** 32 random bytes, base64, made at the first use: what the services encrypt stored secrets with. */
    public String encryptionKey() {
        return DataDirectory.readOrCreatePrivately(directory.resolve("encryption.key"), () -> {
                    byte[] bytes = new byte[32];
                    new SecureRandom().nextBytes(bytes);
                    return Base64.getEncoder().encodeToString(bytes) + "\n";
                })
                .strip();
    }

    /**
     * A bearer token.
     *
     * @throws IllegalArgumentException when there is no such role
     */
    public String token(String role, String subject, Duration lifetime) {
        return token(claims(role, subject, lifetime));
    }

    /**
     * What a browser signs in with, once, at the service of that name: {@code GET /login?token=…}. Its audience is not that of
     * a bearer token, so neither serves as the other.
     */
    public String loginToken(String role, String subject, Service service) {
        Map<String, Object> claims = claims(role, subject, LOGIN);
        claims.put("aud", "hindsight-login/" + service.module());
        claims.put("jti", UUID.randomUUID().toString());
        return token(claims);
    }

    /** A token with exactly these claims: strings, numbers, booleans, lists, maps. For tokens that must be refused, too. */
    public String token(Map<String, ?> claims) {
        String signed = encode(json(Map.of("alg", "RS256", "typ", "JWT"))) + "." + encode(json(claims));
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(keys.getPrivate());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + URL.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The claims of an ordinary token, to change one of them; {@code iat} and {@code exp} are in seconds. */
    public static Map<String, Object> claims(String role, String subject, Duration lifetime) {
        if (!ROLES.contains(role)) {
            throw new IllegalArgumentException("no such role: " + role + "; there are " + String.join(", ", ROLES));
        }
        Instant now = Instant.now();
        var claims = new LinkedHashMap<String, Object>();
        claims.put("iss", ISSUER);
        claims.put("aud", AUDIENCE);
        claims.put("sub", subject);
        claims.put("upn", subject);
        claims.put("preferred_username", subject);
        claims.put("name", subject);
        claims.put("groups", List.of(role));
        claims.put("iat", now.getEpochSecond());
        claims.put("exp", now.plus(lifetime).getEpochSecond());
        return claims;
    }

    private static String encode(String json) {
        return URL.encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    // A whole JSON library takes longer to load than a token takes to sign, and deploy/token must be quick.
    private static String json(Object value) {
        return switch (value) {
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(entry -> json(String.valueOf(entry.getKey())) + ":" + json(entry.getValue()))
                        .collect(Collectors.joining(",", "{", "}"));
            case List<?> list -> list.stream().map(LocalIdentity::json).collect(Collectors.joining(",", "[", "]"));
            case Number number -> number.toString();
            case Boolean truth -> truth.toString();
            default ->
                value.toString()
                        .codePoints()
                        .mapToObj(c ->
                                c < 0x20 || c == '"' || c == '\\' ? String.format("\\u%04x", c) : Character.toString(c))
                        .collect(Collectors.joining("", "\"", "\""));
        };
    }
}
