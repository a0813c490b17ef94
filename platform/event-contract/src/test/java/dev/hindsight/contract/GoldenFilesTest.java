package dev.hindsight.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every version of every event that was ever released stays readable, and is written as it was. */
class GoldenFilesTest {

    static Stream<Golden> all() {
        return Golden.all();
    }

    @Test
    void everyWireTypeHasAGoldenFileAndEveryGoldenFileAWireType() {
        assertThat(Golden.all().filter(golden -> !golden.isMinimal()).map(Golden::wireName))
                .containsExactlyInAnyOrderElementsOf(Vocabulary.all().keySet());
    }

    @Test
    void exactlyTheWireTypesWithOptionalPropertiesHaveAMinimalGoldenFile() {
        assertThat(Golden.all().filter(Golden::isMinimal).map(Golden::wireName))
                .containsExactlyInAnyOrderElementsOf(Vocabulary.all().entrySet().stream()
                        .filter(type -> OptionalProperties.areIn(type.getValue()))
                        .map(Map.Entry::getKey)
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("all")
    void itReadsIntoItsRecordAndIsWrittenBackAsItStands(Golden golden) {
        String written = WireJson.write(WireJson.read(golden.text(), golden.record()));

        assertThat(WireJson.tree(written)).as("the JSON tree").isEqualTo(golden.tree());
        assertThat(written).as("the bytes").isEqualTo(WireJson.minified(golden.text()));
    }

    @ParameterizedTest
    @MethodSource("all")
    void itStillReadsWhenANewerWriterAddedProperties(Golden golden) {
        JsonNode newer = golden.tree();
        objectsIn(newer).toList().forEach(object -> object.putObject("ofANewerVersion")
                .put("known", false));

        assertThat(WireJson.read(WireJson.write(newer), golden.record()))
                .isEqualTo(WireJson.read(golden.text(), golden.record()));
    }

    @ParameterizedTest
    @MethodSource("all")
    void itHasAllOptionalPropertiesOrNone(Golden golden) {
        Map<String, Boolean> presence = OptionalProperties.presence(golden.record(), golden.tree());

        assertThat(presence)
                .allSatisfy((pointer, present) ->
                        assertThat(present).as(pointer + " is present").isEqualTo(!golden.isMinimal()));
    }

    @Test
    void everyMilestoneIsInAGoldenFile() {
        assertThat(shown("/standing/lifecycle/milestones")).isEqualTo(componentsOf(Milestones.class));
    }

    @Test
    void allThatAnIncidentMaySayOfItselfIsInAGoldenFile() {
        assertThat(shown("/standing")).isEqualTo(componentsOf(Standing.class));
    }

    @Test
    void anIncidentEventWithoutAnythingOptionalInItsStandingStillReads() {
        assertThat(Golden.all().map(golden -> golden.tree().path("standing")).filter(JsonNode::isObject))
                .anySatisfy(standing -> assertThat(standing.properties())
                        .extracting(Map.Entry::getKey)
                        .doesNotContain("acknowledger", "firstAlert", "pages"));
    }

    private static Set<String> shown(String pointer) {
        return Golden.all()
                .flatMap(golden -> golden.tree().at(pointer).properties().stream())
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> componentsOf(Class<? extends Record> record) {
        return Arrays.stream(record.getRecordComponents())
                .map(RecordComponent::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<ObjectNode> objectsIn(JsonNode node) {
        Stream<ObjectNode> inner = node.valueStream().flatMap(GoldenFilesTest::objectsIn);
        return node instanceof ObjectNode object ? Stream.concat(Stream.of(object), inner) : inner;
    }
}
