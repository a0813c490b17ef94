package dev.hindsight.postmortem;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.PositionsOfOtherTopics;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;

@QuarkusTest
@QuarkusTestResource(HindsightBackends.class)
class PositionsTest extends PositionsOfOtherTopics {}
