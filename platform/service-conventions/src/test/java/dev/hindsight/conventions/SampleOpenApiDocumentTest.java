package dev.hindsight.conventions;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.OpenApiDocumentTest;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.file.Path;

@QuarkusTest
@QuarkusTestResource(HindsightBackends.class)
class SampleOpenApiDocumentTest extends OpenApiDocumentTest {

    @Override
    protected Path document() {
        return Path.of("src/test/resources/sample-openapi.yaml");
    }
}
