package dev.hindsight.conventions.security;

import dev.hindsight.conventions.HindsightConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * Keys for one purpose each, which follow from {@code HINDSIGHT_ENCRYPTION_KEY} (HKDF-SHA256, RFC 5869): all services have the
 * same, and none of them says anything about another or about the key that they follow from.
 */
@ApplicationScoped
public class DerivedKeys {

    private static final int BYTES = 32;

    private final Optional<byte[]> root;

    DerivedKeys(HindsightConfig config) {
        this.root = config.encryptionKey().map(key -> Base64.getDecoder().decode(key.strip()));
    }

    /** Whether there is a key to derive from. */
    public boolean exist() {
        return root.isPresent();
    }

    /**
     * 32 bytes, for AES-256.
     *
     * @param purpose never the same for two uses
     * @throws IllegalStateException without {@code HINDSIGHT_ENCRYPTION_KEY}
     */
    public SecretKey key(String purpose) {
        byte[] material = root.orElseThrow(() -> new IllegalStateException("HINDSIGHT_ENCRYPTION_KEY is not set."));
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveKey(
                            "AES",
                            HKDFParameterSpec.ofExtract()
                                    .addIKM(material)
                                    .thenExpand(purpose.getBytes(StandardCharsets.UTF_8), BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same as text, for libraries that take a secret as such. */
    public String secret(String purpose) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(key(purpose).getEncoded());
    }
}
