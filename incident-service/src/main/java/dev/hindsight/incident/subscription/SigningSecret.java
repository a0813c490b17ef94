package dev.hindsight.incident.subscription;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What outbound webhooks are signed with, as Standard Webhooks has it: {@code whsec_} and 24 to 64 random bytes in base64.
 *
 * @param key what the text stands for
 */
record SigningSecret(byte[] key) {

    private static final String PREFIX = "whsec_";
    private static final int NEW = 32;
    private static final int LEAST = 24;
    private static final int MOST = 64;

    /** A new one. */
    static SigningSecret next(SecureRandom random) {
        byte[] key = new byte[NEW];
        random.nextBytes(key);
        return new SigningSecret(key);
    }

    /** @throws IllegalArgumentException where it is none, or of another length */
    static SigningSecret parse(String text) {
        if (!text.startsWith(PREFIX)) {
            throw new IllegalArgumentException("it does not begin with " + PREFIX);
        }
        byte[] key = Base64.getDecoder().decode(text.substring(PREFIX.length()));
        if (key.length < LEAST || key.length > MOST) {
            throw new IllegalArgumentException("it has " + key.length + " bytes");
        }
        return new SigningSecret(key);
    }

    String text() {
        return PREFIX + Base64.getEncoder().encodeToString(key);
    }

    /** The header {@code webhook-signature}: one signature for each secret that is valid. */
    static String signatures(List<SigningSecret> secrets, String id, Instant at, byte[] body) {
        byte[] before = (id + '.' + at.getEpochSecond() + '.').getBytes(StandardCharsets.UTF_8);
        return secrets.stream().map(secret -> "v1," + secret.sign(before, body)).collect(Collectors.joining(" "));
    }

    private String sign(byte[] before, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update(before);
            return Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
