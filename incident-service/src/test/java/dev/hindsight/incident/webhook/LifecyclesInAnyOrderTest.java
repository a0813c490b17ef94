package dev.hindsight.incident.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.contract.Standing;
import dev.hindsight.incident.webhook.Payloads.Row;
import dev.hindsight.incident.webhook.tool.Integration;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every story of the tables, permuted and repeated by a seeded generator: what the incidents say of themselves in the end, and
 * what their streams tell, is what the story in its order leads to.
 *
 * <p>A story whose name ends in {@code (as sent)} is of a tool that says neither when something happened nor in which order:
 * there the order of arrival is all that anybody knows, and deliveries are only repeated.
 */
class LifecyclesInAnyOrderTest {

    private static final int SEEDS = Integer.getInteger("hindsight.seeds", 200);
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    @TestFactory
    Stream<DynamicTest> theOrderOfArrivalDoesNotMatter() {
        return Payloads.groups().values().stream()
                .filter(rows -> rows.size() > 1)
                .map(story -> DynamicTest.dynamicTest(story.getFirst().group() + ", " + SEEDS + " orders", () -> {
                    Integration integration = World.integration(story.getFirst());
                    Map<UUID, Object> inOrder = outcome(integration, story);
                    for (int seed = 0; seed < SEEDS; seed++) {
                        List<Row> shuffled = Payloads.shuffled(story, new Random(seed));
                        assertThat(outcome(integration, shuffled))
                                .as("seed %s: %s", seed, shuffled)
                                .isEqualTo(inOrder);
                    }
                }));
    }

    private record End(Standing standing, List<String> told) {}

    private static Map<UUID, Object> outcome(Integration integration, List<Row> deliveries) {
        World world = new World();
        Instant now = NOW;
        Row before = null;
        for (Row row : deliveries) {
            // Repetitions follow at once: a delivery is heard of at the same time, however often those before it came.
            now = row == before
                    ? now.plusSeconds(7)
                    : now.plus(Duration.ofMinutes(5)).truncatedTo(ChronoUnit.MINUTES);
            before = row;
            world.deliver(integration, World.request(row, now));
        }
        Map<UUID, Object> ends = new TreeMap<>();
        world.incidents().forEach((id, incident) -> ends.put(id, new End(incident.standing(), world.told(id))));
        ends.putAll(world.deploys());
        return ends;
    }
}
