package dev.hindsight.incident.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hindsight.incident.webhook.Payloads.Row;
import dev.hindsight.incident.webhook.World.Receipt;
import dev.hindsight.incident.webhook.tool.Integration;
import dev.hindsight.incident.webhook.tool.Provider;
import dev.hindsight.incident.webhook.verify.WebhookRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every payload beside the project, and those that we wrote, judged as the tables say: without a database, in a moment. */
class PayloadsTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void everyFileBesideTheProjectHasARow() {
        assumeTrue(Payloads.fixturesAreHere(), "the fixtures are not beside the project");
        Set<String> files = new LinkedHashSet<>(Payloads.files());
        Set<String> listed = new LinkedHashSet<>();
        for (String folder : Payloads.tables()) {
            Payloads.rows(folder).stream()
                    .filter(row -> !row.isOurs())
                    .forEach(row -> listed.add(row.folder() + "/" + row.file()));
        }
        assertThat(files).as("rows without a file").containsAll(listed);
        files.removeAll(listed);
        assertThat(files).as("files without a row").isEmpty();
    }

    @Test
    void everyProviderHasARow() {
        assertThat(Arrays.stream(Provider.values())).allSatisfy(provider -> assertThat(Payloads.rows())
                .anyMatch(row -> provider.wireName().equals(row.door())));
    }

    @Test
    void aRowThatIsNoDeliverySaysWhy() {
        assertThat(Payloads.rows()).allSatisfy(row -> {
            if (!row.isDelivery()) {
                assertThat(row.because()).as(row.toString()).isNotEmpty();
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> everyDeliveryBecomesWhatItsRowSays() {
        return Payloads.groups().entrySet().stream()
                .map(group -> DynamicTest.dynamicTest(group.getKey(), () -> {
                    World world = new World();
                    Integration integration = World.integration(group.getValue().getFirst());
                    Instant now = NOW;
                    List<String> expected = new ArrayList<>();
                    List<String> became = new ArrayList<>();
                    for (Row row : group.getValue()) {
                        now = now.plusSeconds(1);
                        Receipt receipt = world.deliver(integration, World.request(row, now));
                        expected.add(said(row, row.outcome(), row.incidents()));
                        became.add(said(row, receipt.outcome(), world.states(receipt)));
                    }
                    assertThat(became).isEqualTo(expected);
                }));
    }

    /** As the columns of the table have it. */
    private static String said(Row row, String outcome, String incidents) {
        return row + " | " + outcome + " | " + incidents + " |";
    }

    @TestFactory
    Stream<DynamicTest> aDeliveryThatComesTwiceBringsNoNews() {
        return Payloads.groups().entrySet().stream()
                .map(group -> DynamicTest.dynamicTest(group.getKey(), () -> {
                    World world = new World();
                    Integration integration = World.integration(group.getValue().getFirst());
                    Instant now = NOW;
                    for (Row row : group.getValue()) {
                        now = now.plusSeconds(600);
                        world.deliver(integration, World.request(row, now));
                        Receipt again = world.deliver(integration, World.request(row, now.plusSeconds(60)));
                        assertThat(again.outcome()).as(row.toString()).isNotIn("APPLIED", "ATTACHED");
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> whatIsNotTheToolsIsRefused() {
        return Payloads.groups().values().stream()
                .map(List::getFirst)
                .map(row -> DynamicTest.dynamicTest(row.toString(), () -> {
                    Integration integration = World.integration(row);
                    WebhookRequest request = World.request(row, NOW);
                    assertThat(outcome(another(integration), request)).isEqualTo("REJECTED");
                    assertThat(outcome(
                                    integration,
                                    new WebhookRequest(request.url(), Map.of(), null, request.body(), NOW)))
                            .isEqualTo("REJECTED");
                    if (request.headers().keySet().stream().anyMatch(name -> name.contains("signature"))) {
                        byte[] changed = request.body().clone();
                        changed[changed.length / 2] ^= 1;
                        assertThat(outcome(
                                        integration,
                                        new WebhookRequest(request.url(), request.headers(), null, changed, NOW)))
                                .isEqualTo("REJECTED");
                    }
                }));
    }

    private static String outcome(Integration integration, WebhookRequest request) {
        return new World().deliver(integration, request).outcome();
    }

    /** The same, with another secret. */
    private static Integration another(Integration integration) {
        return new Integration(
                integration.id(),
                integration.provider(),
                List.of("another-secret"),
                integration.defaultService(),
                integration.defaultSeverity(),
                integration.severityMapping(),
                integration.autoDeclare(),
                integration.groupingWindow());
    }
}
