package dev.hindsight.conventions.security;

import dev.hindsight.conventions.HindsightConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Encrypts what must be stored and never shown: AES-256-GCM with the installation's key, a fresh nonce before the text. */
@ApplicationScoped
public class Secrets {

    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final int KEY = 32;

    private final SecretKey key;
    private final SecureRandom random = new SecureRandom();

    Secrets(HindsightConfig config) {
        byte[] bytes = Base64.getDecoder()
                .decode(
                        config.encryptionKey()
                                .orElseThrow(
                                        () -> new IllegalStateException(
                                                "hindsight.encryption-key (HINDSIGHT_ENCRYPTION_KEY) is not set: 32 random bytes, base64")));
        if (bytes.length != KEY) {
            throw new IllegalStateException("hindsight.encryption-key must be 32 bytes in base64, not " + bytes.length);
        }
        this.key = new SecretKeySpec(bytes, "AES");
    }

    public byte[] encrypt(String secret) {
        try {
            byte[] nonce = new byte[NONCE];
            random.nextBytes(nonce);
            byte[] text = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(secret.getBytes(StandardCharsets.UTF_8));
            byte[] both = Arrays.copyOf(nonce, NONCE + text.length);
            System.arraycopy(text, 0, both, NONCE, text.length);
            return both;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @throws IllegalStateException where it was encrypted with another key, or changed since */
    public String decrypt(byte[] encrypted) {
        try {
            byte[] text = cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(encrypted, NONCE))
                    .doFinal(encrypted, NONCE, encrypted.length - NONCE);
            return new String(text, StandardCharsets.UTF_8);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a stored secret does not fit the installation's key", e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        return cipher;
    }
}
