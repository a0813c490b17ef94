package dev.hindsight.incident.webhook.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.contract.Severity;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.incident.domain.Signal;
import dev.hindsight.incident.webhook.verify.Verdict;
import dev.hindsight.incident.webhook.verify.WebhookRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GenericTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Generic GENERIC = new Generic();

    @Test
    void eachElementOfAListIsAMessage() {
        Translation said = read(
                mapping("alerts", "id", "state", null, Map.of()),
                "{\"alerts\":[{\"id\":\"a\",\"state\":\"firing\"},{\"id\":\"b\",\"state\":\"ok\"}]}");
        assertThat(said.facts())
                .extracting(fact -> fact.signal().getClass().getSimpleName())
                .containsExactly("Triggered", "Resolved");
        assertThat(said.facts()).extracting(ToolFact::key).doesNotHaveDuplicates();
    }

    @Test
    void aWordThatNobodyMappedIsNotedAndNotRefused() {
        assertThat(read(mapping(null, "id", "state", null, Map.of()), "{\"id\":1,\"state\":\"teleported\"}")
                        .facts()
                        .getFirst()
                        .signal())
                .isInstanceOf(Signal.Noted.class);
    }

    @Test
    void onlyAWordThatSomebodyKnowsDeclares() {
        GenericMapping mapping = mapping(null, "id", "state", null, Map.of("beamed", MappedSignal.NOTED));
        assertThat(declares(mapping, "teleported")).isFalse();
        assertThat(declares(mapping, "noted")).as("no word of a lifecycle").isFalse();
        assertThat(declares(mapping, "com.example.incident.resolved")).isTrue();
        assertThat(declares(mapping, "beamed")).as("named by the mapping").isTrue();
        assertThat(declares(mapping(null, "id", null, null, Map.of()), "teleported"))
                .as("a mapping without a signal")
                .isTrue();
    }

    @Test
    void aMilestoneDeclaresWhateverTheWord() {
        GenericMapping mapping = new GenericMapping(
                null,
                "id",
                "state",
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                Map.of(MappedSignal.TRIGGERED, "began"));
        assertThat(read(mapping, "{\"id\":1,\"state\":\"teleported\",\"began\":\"2026-11-22T11:00:00Z\"}")
                        .facts())
                .hasSize(2)
                .allMatch(ToolFact::mayDeclare);
        assertThat(declares(mapping, "teleported")).isFalse();
    }

    private static boolean declares(GenericMapping mapping, String word) {
        return read(mapping, "{\"id\":1,\"state\":\"" + word + "\"}")
                .facts()
                .getFirst()
                .mayDeclare();
    }

    @Test
    void theMappingsWordsStandAboveTheUsualOnes() {
        assertThat(read(
                                mapping(null, "id", "state", null, Map.of("OK", MappedSignal.MITIGATED)),
                                "{\"id\":1,\"state\":\"ok\"}")
                        .facts()
                        .getFirst()
                        .signal())
                .isInstanceOf(Signal.Mitigated.class);
    }

    @Test
    void anExpressionThatDoesNotFitWhatCameIsNotSaid() {
        assertThat(read(mapping(null, "id", null, "length(number)", Map.of()), "{\"id\":1,\"number\":5}")
                        .facts()
                        .getFirst()
                        .signal()
                        .observed()
                        .title())
                .isNull();
    }

    @Test
    void aMappingNamesEachExpressionThatIsNone() {
        GenericMapping wrong = mapping("[", "", "a ||", null, Map.of());
        assertThatThrownBy(() -> wrong.check("mapping"))
                .isInstanceOfSatisfying(Invalid.class, invalid -> assertThat(invalid.violations())
                        .extracting(Invalid.Violation::field)
                        .contains("mapping.each", "mapping.externalId", "mapping.signal"));
    }

    @Test
    void anExpressionThatGrowsAsAPowerIsRefusedWithItsBounds() {
        assertThat(wrong("@" + "|[@,@]".repeat(30))).contains("at most 12 pipes", "3 multi-selects", "16 commas");
        assertThat(wrong("[[[[[[[a]]]]]]]")).contains("6 brackets in each other", "3 multi-selects");
        assertThat(wrong("{a: {b: {c: {d: e}}}}")).contains("3 multi-selects");
        assertThat(wrong("a" + "[]".repeat(13))).contains("12 pipes, projections, filters and slices");
        assertThat(wrong("a" + ".*".repeat(13))).contains("12 pipes, projections, filters and slices");
        assertThat(wrong("a" + "[*].b".repeat(13))).contains("12 pipes, projections, filters and slices");
        assertThat(wrong("a" + "[?b]".repeat(13))).contains("12 pipes, projections, filters and slices");
        assertThat(wrong("(".repeat(7) + "a" + ")".repeat(7))).contains("6 brackets in each other");
        assertThat(wrong("a.b".repeat(334))).contains("1000 characters");
    }

    @Test
    void whatPeopleWriteIsWithinTheBounds() {
        for (String expression : List.of(
                "join('#', [source, id])",
                "alerts[?status == 'firing' && labels.severity != `\"none\"`].labels.service | [0]",
                "data.incidentId || data.\"in,ci[d]ent\" || subject || id",
                "not_null(a, b, c, '|[{(*?:,') || to_string(items[-1].id) || items[1:3][].id || items[*].id",
                "[*.id, name] | [0]",
                "a" + "[0]".repeat(40))) {
            assertThat(wrong(expression)).as(expression).isEmpty();
        }
    }

    private static String wrong(String expression) {
        try {
            mapping(null, "id", expression, null, Map.of()).check("mapping");
            return "";
        } catch (Invalid e) {
            return e.violations().toString();
        }
    }

    @Test
    void fiveHundredMessagesAreReadAtOnceAndOfMoreNone() {
        GenericMapping mapping = mapping("alerts", "id", "state", null, Map.of());
        assertThat(read(mapping, alerts(500)).facts()).hasSize(500);
        assertThatThrownBy(() -> read(mapping, alerts(501)))
                .isInstanceOf(Untranslatable.class)
                .hasMessageContaining("501 messages")
                .hasMessageContaining("at most 500");
        String event = "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"opened\",\"subject\":\"x\"}";
        assertThatThrownBy(() -> GENERIC.translate(
                        integration(null),
                        new WebhookRequest(
                                "https://here.example",
                                Map.of("content-type", "application/cloudevents-batch+json"),
                                null,
                                ("[" + (event + ",").repeat(500) + event + "]").getBytes(StandardCharsets.UTF_8),
                                NOW)))
                .isInstanceOf(Untranslatable.class)
                .hasMessageContaining("501 messages");
    }

    private static String alerts(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> "{\"id\":" + number + ",\"state\":\"firing\"}")
                .collect(Collectors.joining(",", "{\"alerts\":[", "]}"));
    }

    @Test
    void onlySecretsThatAreMadeToSignWithSign() {
        WebhookRequest signed = new WebhookRequest(
                "https://here.example",
                Map.of(
                        "webhook-id",
                        "m1",
                        "webhook-timestamp",
                        "" + NOW.getEpochSecond(),
                        "webhook-signature",
                        "v1,AAAA"),
                null,
                new byte[] {1},
                NOW);
        assertThat(GENERIC.verification(integration(null)).judge(signed, List.of("plain-secret")))
                .isEqualTo(Verdict.FORGED);
    }

    @Test
    void otherJsonWithoutAMappingIsSaidToBeSo() {
        assertThatThrownBy(() -> read(null, "{}"))
                .isInstanceOf(Untranslatable.class)
                .hasMessageContaining("mapping");
    }

    private static GenericMapping mapping(
            String each, String externalId, String signal, String title, Map<String, MappedSignal> signals) {
        return new GenericMapping(each, externalId, signal, signals, null, null, title, null, null, null, null, null);
    }

    private static Integration integration(GenericMapping mapping) {
        return new Integration(
                UUID.nameUUIDFromBytes(new byte[] {1}),
                Provider.GENERIC,
                List.of("secret"),
                null,
                Severity.SEV3,
                Map.of(),
                true,
                Duration.ofHours(4),
                mapping);
    }

    private static Translation read(GenericMapping mapping, String body) {
        return GENERIC.translate(
                integration(mapping),
                new WebhookRequest("https://here.example", Map.of(), null, body.getBytes(StandardCharsets.UTF_8), NOW));
    }
}
