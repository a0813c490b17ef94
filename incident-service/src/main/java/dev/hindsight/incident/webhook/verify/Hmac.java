package dev.hindsight.incident.webhook.verify;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Keyed digests, and comparisons that take as long for a wrong one as for the right one. */
final class Hmac {

    private static final byte[] NOTHING = {};

    private Hmac() {}

    /** HMAC-SHA256 over the parts, one after the other. */
    static byte[] sha256(byte[] key, byte[]... parts) {
        return digest("HmacSHA256", key, parts);
    }

    /** HMAC-SHA1, which one tool still uses; as a MAC it is not broken by SHA-1's collisions. */
    static byte[] sha1(byte[] key, byte[]... parts) {
        return digest("HmacSHA1", key, parts);
    }

    private static byte[] digest(String algorithm, byte[] key, byte[]... parts) {
        if (key.length == 0) {
            // No key authenticates nothing; Java refuses an empty one.
            return NOTHING;
        }
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Empty where it is no hexadecimal text. */
    static byte[] hex(String text) {
        try {
            return HexFormat.of().parseHex(text.strip().toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return NOTHING;
        }
    }

    /** Empty where it is no base64 text. */
    static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text.strip());
        } catch (IllegalArgumentException e) {
            return NOTHING;
        }
    }

    /** Whether one of those offered is the expected one; all are looked at. */
    static boolean matches(byte[] expected, List<byte[]> offered) {
        boolean matches = false;
        for (byte[] one : offered) {
            matches |= expected.length > 0 && MessageDigest.isEqual(expected, one);
        }
        return matches;
    }

    /** Whether the text is one of the secrets; all are looked at. */
    static boolean isOneOf(String offered, List<String> secrets) {
        byte[] given = bytes(offered);
        boolean matches = false;
        for (String secret : secrets) {
            matches |= !secret.isEmpty() && MessageDigest.isEqual(given, bytes(secret));
        }
        return matches;
    }

    /** Seconds since 1970 as a header has them; empty where it is anything else. */
    static Optional<Instant> seconds(String text) {
        try {
            long seconds = Long.parseLong(text.strip());
            return seconds < 0 || seconds > 100_000_000_000L
                    ? Optional.empty()
                    : Optional.of(Instant.ofEpochSecond(seconds));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
