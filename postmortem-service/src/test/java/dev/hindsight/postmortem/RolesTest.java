package dev.hindsight.postmortem;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.OperationRoleMatrix;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;

@QuarkusTest
@QuarkusTestResource(HindsightBackends.class)
class RolesTest extends OperationRoleMatrix {}
