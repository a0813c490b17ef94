package dev.hindsight.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The JSON Schemas say what the records and the golden files say. They are generated:
 * {@code -Dtest=SchemasTest -Dhindsight.contract.update=true} writes them.
 */
class SchemasTest {

    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

    static Stream<String> wireNames() {
        return Vocabulary.all().keySet().stream();
    }

    static Stream<Golden> goldens() {
        return Golden.all();
    }

    @BeforeAll
    static void writeThemWhereAsked() {
        if (Boolean.getBoolean("hindsight.contract.update")) {
            Vocabulary.all().forEach((wireName, record) -> ContractFiles.write(file(wireName), Schemas.of(record)));
        }
    }

    @Test
    void everyWireTypeHasASchemaAndEverySchemaAWireType() {
        assertThat(ContractFiles.names(ContractFiles.SCHEMA))
                .containsExactlyInAnyOrderElementsOf(Vocabulary.all().keySet());
    }

    @ParameterizedTest
    @MethodSource("wireNames")
    void theSchemaOfAWireTypeIsWhatItsRecordGives(String wireName) {
        Path file = file(wireName);

        assertThat(file).isRegularFile();
        assertThat(ContractFiles.text(file))
                .as("-Dhindsight.contract.update=true writes it; a released shape never changes, though")
                .isEqualTo(Schemas.of(Vocabulary.recordOf(wireName).orElseThrow()));
    }

    @ParameterizedTest
    @MethodSource("wireNames")
    void aSchemaKeepsToDraft202012(String wireName) {
        JsonSchema draft = SCHEMAS.getSchema(SchemaLocation.of(SchemaId.V202012));

        assertThat(draft.validate(ContractFiles.text(file(wireName)), InputFormat.JSON))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void aGoldenFileIsValid(Golden golden) {
        assertThat(violations(golden, golden.tree())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void aGoldenFileThatLacksARequiredPropertyIsRefused(Golden golden) {
        JsonNode required = schema(golden).getSchemaNode().path("required");

        assertThat(required).isNotEmpty();
        assertThat(required).allSatisfy(name -> {
            ObjectNode incomplete = (ObjectNode) golden.tree();
            incomplete.remove(name.asText());
            assertThat(violations(golden, incomplete)).isNotEmpty();
        });
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void aGoldenFileWithAValueOfAnotherKindIsRefused(Golden golden) {
        assertThat(golden.tree().properties()).allSatisfy(property -> {
            ObjectNode wrong = (ObjectNode) golden.tree();
            wrong.set(
                    property.getKey(), property.getValue().isTextual() ? IntNode.valueOf(1) : TextNode.valueOf("one"));
            assertThat(violations(golden, wrong)).isNotEmpty();
        });
    }

    private static Set<ValidationMessage> violations(Golden golden, JsonNode json) {
        return schema(golden)
                .validate(json, context -> context.getExecutionConfig().setFormatAssertionsEnabled(true));
    }

    private static JsonSchema schema(Golden golden) {
        return SCHEMAS.getSchema(ContractFiles.text(file(golden.wireName())));
    }

    private static Path file(String wireName) {
        return ContractFiles.SCHEMA.resolve(wireName + ".json");
    }
}
