package dev.hindsight.postmortem;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.RebuiltViews;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

@QuarkusTest
@TestProfile(RebuiltViews.Alone.class)
@QuarkusTestResource(HindsightBackends.class)
class RebuildTest extends RebuiltViews {

    @Override
    protected void act() {
        // Drafts follow by themselves from the incidents that are resolved.
    }
}
