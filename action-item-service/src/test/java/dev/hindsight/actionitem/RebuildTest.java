package dev.hindsight.actionitem;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.RebuiltViews;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;

@QuarkusTest
@TestProfile(RebuiltViews.Alone.class)
@QuarkusTestResource(HindsightBackends.class)
class RebuildTest extends RebuiltViews {

    @Override
    protected void act() {
        for (int i = 0; i < 5; i++) {
            String item = Api.accepted(Api.good());
            Api.step(item, "start").statusCode(200);
            Api.patch(item, Map.of("priority", i % 2 == 0 ? "LOW" : "HIGH")).statusCode(200);
            Api.propose(Api.good("owner", null));
        }
    }
}
