package dev.hindsight.incident;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.PositionsOfOtherTopics;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;

@QuarkusTest
@WithTestResource(HindsightBackends.class)
class IncidentPositionsTest extends PositionsOfOtherTopics {}
