package dev.hindsight.conventions;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.OperationRoleMatrix;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;

@QuarkusTest
@QuarkusTestResource(HindsightBackends.class)
class SampleRoleMatrixTest extends OperationRoleMatrix {

    @Override
    protected List<String> open() {
        // Denied to all, as nobody said who may.
        return List.of("GET /api/v1/samples/unannotated");
    }
}
