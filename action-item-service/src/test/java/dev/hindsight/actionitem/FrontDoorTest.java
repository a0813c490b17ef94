package dev.hindsight.actionitem;

import dev.hindsight.conventions.testing.FrontDoor;
import dev.hindsight.conventions.testing.HindsightBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;

@QuarkusTest
@QuarkusTestResource(HindsightBackends.class)
class FrontDoorTest extends FrontDoor {}
