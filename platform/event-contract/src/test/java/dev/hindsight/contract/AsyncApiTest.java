package dev.hindsight.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The AsyncAPI document says what the topics, the records and the event header say. */
class AsyncApiTest {

    private static final JsonNode DOCUMENT = document();

    /** Decision 1 of the architecture: where each attribute of an event stands on Kafka. */
    private static final Map<String, String> HEADER_OF = Map.ofEntries(
            Map.entry("id", "ce_id"),
            Map.entry("type", "ce_type"),
            Map.entry("streamId", "ce_subject"),
            Map.entry("sequence", "ce_sequence"),
            Map.entry("occurredAt", "ce_time"),
            Map.entry("sourceOrder", "ce_sourceorder"),
            Map.entry("recordedAt", "ce_recordedtime"),
            Map.entry("actor", "ce_actor"),
            Map.entry("source", "ce_source"),
            Map.entry("deliveryId", "ce_deliveryid"),
            Map.entry("traceparent", "ce_traceparent"));

    /** Of the streams that belong to no incident. */
    private static final Map<Class<? extends DomainEvent>, String> TRAITS = Map.of(
            CatalogEvent.class,
            "catalogFact",
            AccessEvent.class,
            "accessFact",
            DeployEvent.class,
            "deployFact",
            PolicyEvent.class,
            "policyFact",
            CalendarEvent.class,
            "calendarFact");

    private static final Set<String> OTHER_HEADERS = Set.of("ce_specversion", "content-type", "hindsightposition");

    static Stream<String> wireNames() {
        return Vocabulary.all().keySet().stream();
    }

    @Test
    void itIsAnAsyncApi3Document() {
        assertThat(DOCUMENT.path("asyncapi").asText()).isEqualTo("3.0.0");
    }

    @Test
    void itsChannelsAreTheTopics() {
        assertThat(DOCUMENT.path("channels"))
                .extracting(channel -> channel.path("address").asText())
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Topic.values()).map(Topic::wireName).toList());
    }

    @ParameterizedTest
    @EnumSource
    void aTopicIsKeptForEver(Topic topic) {
        JsonNode kafka = channel(topic).at("/bindings/kafka");

        assertThat(kafka.path("topic").asText()).isEqualTo(topic.wireName());
        assertThat(kafka.at("/topicConfiguration/retention.ms").asLong()).isEqualTo(-1);
        assertThat(kafka.at("/topicConfiguration/retention.bytes").asLong()).isEqualTo(-1);
        assertThat(kafka.at("/topicConfiguration/cleanup.policy"))
                .extracting(JsonNode::asText)
                .containsExactly("delete");
    }

    @ParameterizedTest
    @EnumSource
    void aTopicCarriesTheEventsOfItsStreams(Topic topic) {
        assertThat(names(channel(topic).path("messages")))
                .containsExactlyInAnyOrderElementsOf(Vocabulary.all().entrySet().stream()
                        .filter(type -> topicOf(type.getValue()) == topic)
                        .map(Map.Entry::getKey)
                        .toList());
    }

    @Test
    void everyWireTypeHasAMessageAndEveryMessageAWireType() {
        assertThat(names(DOCUMENT.at("/components/messages")))
                .containsExactlyInAnyOrderElementsOf(Vocabulary.all().keySet());
    }

    @ParameterizedTest
    @MethodSource("wireNames")
    void aMessageHasItsWireNameSchemaAndGoldenFile(String wireName) {
        JsonNode message = message(wireName);

        assertThat(message.path("name").asText()).isEqualTo(wireName);
        assertThat(message.path("title").asText()).isNotBlank();
        assertThat(message.path("summary").asText()).isNotBlank();
        assertThat(message.at("/payload/schemaFormat").asText()).startsWith("application/schema+json");
        assertThat(message.at("/payload/schema/$ref").asText()).isEqualTo("schema/" + wireName + ".json");
        assertThat(message.path("examples"))
                .extracting(example -> example.at("/payload/$ref").asText())
                .contains("golden/" + wireName + ".json");
    }

    @ParameterizedTest
    @MethodSource("wireNames")
    void aMessageHasTheHeadersAndTheKeyOfItsStream(String wireName) {
        Class<? extends DomainEvent> record = Vocabulary.recordOf(wireName).orElseThrow();
        String trait = TRAITS.entrySet().stream()
                .filter(vocabulary -> vocabulary.getKey().isAssignableFrom(record))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("incidentFact");

        assertThat(message(wireName).path("traits"))
                .extracting(AsyncApiTest::reference)
                .containsExactly("#/components/messageTraits/" + trait);
    }

    @Test
    void theHeadersAreTheAttributesOfAnEvent() {
        assertThat(DOCUMENT.at("/components/messageTraits")).isNotEmpty().allSatisfy(trait -> {
            assertThat(reference(trait.path("headers"))).isEqualTo("#/components/schemas/cloudEventHeaders");
            assertThat(trait.path("contentType").asText()).isEqualTo("application/json");
            assertThat(trait.at("/bindings/kafka/key/format").asText()).isEqualTo("uuid");
        });
        JsonNode headers = DOCUMENT.at("/components/schemas/cloudEventHeaders");
        List<RecordComponent> attributes = List.of(EventHeader.class.getRecordComponents());

        assertThat(attributes).extracting(RecordComponent::getName).hasSameElementsAs(HEADER_OF.keySet());
        assertThat(names(headers.path("properties"))).isEqualTo(headersOf(attributes.stream()));
        assertThat(headers.path("required"))
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrderElementsOf(
                        headersOf(attributes.stream().filter(attribute -> !OptionalProperties.isNullable(attribute))));
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        assertThat(DOCUMENT.findValuesAsText("$ref")).isNotEmpty().allSatisfy(reference -> {
            if (reference.startsWith("#")) {
                assertThat(DOCUMENT.at(reference.substring(1)).isMissingNode())
                        .as(reference + " leads nowhere")
                        .isFalse();
            } else {
                assertThat(ContractFiles.ROOT.resolve(reference)).isRegularFile();
            }
        });
    }

    private static Topic topicOf(Class<? extends DomainEvent> record) {
        if (PostmortemEvent.class.isAssignableFrom(record)) {
            return Topic.POSTMORTEM_EVENTS;
        }
        return ActionItemEvent.class.isAssignableFrom(record) ? Topic.ACTION_ITEM_EVENTS : Topic.INCIDENT_EVENTS;
    }

    private static Set<String> headersOf(Stream<RecordComponent> attributes) {
        return Stream.concat(OTHER_HEADERS.stream(), attributes.map(attribute -> HEADER_OF.get(attribute.getName())))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static JsonNode channel(Topic topic) {
        return DOCUMENT.path("channels")
                .valueStream()
                .filter(channel -> channel.path("address").asText().equals(topic.wireName()))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode message(String wireName) {
        JsonNode message = DOCUMENT.at("/components/messages").path(wireName);
        assertThat(message.isObject()).as(wireName + " has a message").isTrue();
        return message;
    }

    private static String reference(JsonNode node) {
        return node.path("$ref").asText();
    }

    private static Set<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).collect(Collectors.toCollection(TreeSet::new));
    }

    private static JsonNode document() {
        try {
            return new YAMLMapper().readTree(ContractFiles.text(ContractFiles.ASYNC_API));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
