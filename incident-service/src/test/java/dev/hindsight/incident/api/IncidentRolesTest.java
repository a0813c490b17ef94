package dev.hindsight.incident.api;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.OperationRoleMatrix;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;

@QuarkusTest
@WithTestResource(HindsightBackends.class)
class IncidentRolesTest extends OperationRoleMatrix {

    @Override
    protected List<String> open() {
        return List.of(
                "POST /webhooks/{provider}/{integrationId}", "POST /webhooks/{provider}/{integrationId}/{secret}");
    }
}
