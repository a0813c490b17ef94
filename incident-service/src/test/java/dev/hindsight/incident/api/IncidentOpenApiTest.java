package dev.hindsight.incident.api;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.OpenApiDocumentTest;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;

@QuarkusTest
@WithTestResource(HindsightBackends.class)
class IncidentOpenApiTest extends OpenApiDocumentTest {}
