package dev.hindsight.conventions.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.RestAssured;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The module's committed {@code openapi.yaml} is what the service says about itself. After a wanted change, write it anew
 * with {@code -Dhindsight.openapi.update=true}.
 */
public abstract class OpenApiDocumentTest {

    /** Maven runs tests in the module's directory. */
    protected Path document() {
        return Path.of("openapi.yaml");
    }

    @Test
    void theCommittedDocumentIsTheServedOne() throws IOException {
        String served = new String(
                RestAssured.given()
                        .queryParam("format", "YAML")
                        .get("/q/openapi")
                        .then()
                        .statusCode(200)
                        .extract()
                        .asByteArray(),
                StandardCharsets.UTF_8);
        if (Boolean.getBoolean("hindsight.openapi.update")) {
            Files.writeString(document(), served);
        }
        assertThat(document())
                .as("write it with -Dhindsight.openapi.update=true")
                .exists();
        assertThat(served)
                .as("the API changed; if that is wanted: -Dhindsight.openapi.update=true")
                .isEqualTo(Files.readString(document()));
    }
}
