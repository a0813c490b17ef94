package dev.hindsight.incident.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hindsight.incident.webhook.Payloads.Row;
import dev.hindsight.incident.webhook.tool.Integration;
import dev.hindsight.incident.webhook.verify.WebhookRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Authentic bodies that are not what a tool documents: fields missing, null, of another type, huge or nested. A delivery is
 * applied, ignored or parked; no adapter meets a defect.
 */
class AnyBytesTest {

    private static final int ROUNDS = Integer.getInteger("hindsight.rounds", 60);
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    @TestFactory
    Stream<DynamicTest> whateverAToolSendsIsTakenIgnoredOrParked() {
        return Payloads.rows().stream()
                .filter(Row::isDelivery)
                .map(row -> DynamicTest.dynamicTest(row.toString(), () -> {
                    Integration integration = World.integration(row);
                    Random random = new Random(row.toString().hashCode());
                    World world = new World();
                    for (int round = 0; round < ROUNDS; round++) {
                        byte[] body = broken(row.body(), random);
                        WebhookRequest request = World.request(row, body, NOW.plusSeconds(round));
                        assertThat(world.deliver(integration, request).outcome())
                                .as(() -> new String(body, StandardCharsets.UTF_8))
                                .isIn("APPLIED", "ATTACHED", "DUPLICATE", "IGNORED", "PARKED");
                    }
                }));
    }

    private static byte[] broken(byte[] body, Random random) {
        JsonNode tree;
        try {
            tree = Payloads.JSON.readTree(body);
        } catch (IOException e) {
            tree = null;
        }
        if (tree == null || !tree.isContainerNode() || random.nextInt(10) == 0) {
            byte[] bytes = body.clone();
            for (int i = 0; i < 3 && bytes.length > 0; i++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            return bytes;
        }
        for (int times = 1 + random.nextInt(4); times > 0; times--) {
            breakOne(tree, random);
        }
        return tree.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void breakOne(JsonNode tree, Random random) {
        List<ObjectNode> objects = new ArrayList<>();
        collect(tree, objects);
        if (objects.isEmpty()) {
            return;
        }
        ObjectNode one = objects.get(random.nextInt(objects.size()));
        List<String> names = new ArrayList<>();
        one.fieldNames().forEachRemaining(names::add);
        if (names.isEmpty()) {
            return;
        }
        String name = names.get(random.nextInt(names.size()));
        switch (random.nextInt(9)) {
            case 0 -> one.remove(name);
            case 1 -> one.putNull(name);
            case 2 -> one.put(name, random.nextLong());
            case 3 -> one.put(name, "");
            case 4 -> one.put(name, "x".repeat(20_000) + "\u0000 \ud83d\ude80");
            case 5 -> one.set(name, JSON.arrayNode().add(1).addNull().add("a"));
            case 6 -> one.set(name, JSON.objectNode().set("id", JSON.objectNode()));
            case 7 -> one.put(name, random.nextBoolean());
            default -> one.put(name, "9999-99-99T99:99:99Z");
        }
    }

    private static void collect(JsonNode node, List<ObjectNode> objects) {
        if (node instanceof ObjectNode object) {
            objects.add(object);
        }
        if (node instanceof ObjectNode || node instanceof ArrayNode) {
            node.forEach(child -> collect(child, objects));
        }
    }
}
