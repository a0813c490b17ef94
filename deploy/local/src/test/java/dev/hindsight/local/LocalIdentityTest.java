package dev.hindsight.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalIdentityTest {
    @TempDir
    Path directory;

    @Test
    void aTokenVerifiesWithThePublicKeyOfTheSameDirectoryAlsoAfterARestart() throws Exception {
        String token = LocalIdentity.in(directory).token("editor", "Mira \"M\" Ökafor\n", Duration.ofHours(1));

        assertThat(verifies(token, LocalIdentity.in(directory).publicKeyBase64()))
                .isTrue();
        assertThat(verifies(token, LocalIdentity.in(directory.resolve("other")).publicKeyBase64()))
                .isFalse();
        JsonNode claims = claimsOf(token);
        assertThat(claims.get("iss").asText()).isEqualTo("https://hindsight.local");
        assertThat(claims.get("aud").asText()).isEqualTo("hindsight");
        assertThat(claims.get("sub").asText()).isEqualTo("Mira \"M\" Ökafor\n");
        assertThat(claims.get("groups")).hasSize(1);
        assertThat(claims.get("groups").get(0).asText()).isEqualTo("editor");
        assertThat(claims.get("exp").asLong() - claims.get("iat").asLong()).isEqualTo(3_600);
    }

    @Test
    void aTestCanSignWhatAServiceMustRefuse() throws Exception {
        var identity = LocalIdentity.in(directory);
        var claims = LocalIdentity.claims("admin", "somebody", Duration.ofMinutes(-5));
        claims.put("iss", "https://elsewhere.example");

        String token = identity.token(claims);

        assertThat(verifies(token, identity.publicKeyBase64())).isTrue();
        assertThat(claimsOf(token).get("iss").asText()).isEqualTo("https://elsewhere.example");
        assertThat(claimsOf(token).get("exp").asLong()).isLessThan(Instant.now().getEpochSecond());
    }

    @Test
    void anUnknownRoleGetsNoToken() {
        var identity = LocalIdentity.in(directory);
        assertThatThrownBy(() -> identity.token("owner", "somebody", Duration.ofHours(1)))
                .hasMessageContaining("viewer, responder, editor, admin");
    }

    @Test
    void whatMustStaySecretIsReadableByItsOwnerOnlyAndStaysTheSame() throws Exception {
        String key = LocalIdentity.in(directory).encryptionKey();

        assertThat(Base64.getDecoder().decode(key)).hasSize(32);
        assertThat(LocalIdentity.in(directory).encryptionKey()).isEqualTo(key);
        try (var files = Files.list(directory)) {
            assertThat(files.toList()).hasSize(2).allSatisfy(file -> assertThat(
                            PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------"));
        }
    }

    private static boolean verifies(String token, String publicKey) throws Exception {
        String[] parts = token.split("\\.");
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(KeyFactory.getInstance("RSA")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(publicKey))));
        signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        return signature.verify(Base64.getUrlDecoder().decode(parts[2]));
    }

    private static JsonNode claimsOf(String token) throws Exception {
        return new JsonMapper().readTree(Base64.getUrlDecoder().decode(token.split("\\.")[1]));
    }
}
