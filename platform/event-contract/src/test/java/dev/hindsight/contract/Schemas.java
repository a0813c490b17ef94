package dev.hindsight.contract;

import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaKeyword;
import com.github.victools.jsonschema.generator.SchemaVersion;
import org.jspecify.annotations.Nullable;

/**
 * The JSON Schema of an event, from its record: what JSpecify says can be null is not required, constants stand as they are
 * written, and properties that a newer version added are allowed.
 */
final class Schemas {

    private static final SchemaGenerator GENERATOR = generator();

    private Schemas() {}

    /** The file as it should stand. */
    static String of(Class<? extends DomainEvent> record) {
        DefaultIndenter lines = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter layout = new DefaultPrettyPrinter(
                Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER));
        layout.indentObjectsWith(lines);
        layout.indentArraysWith(lines);
        try {
            return WireJson.MAPPER.writer(layout).writeValueAsString(GENERATOR.generateSchema(record)) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SchemaGenerator generator() {
        SchemaGeneratorConfigBuilder config = new SchemaGeneratorConfigBuilder(
                        WireJson.MAPPER, SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
                .with(
                        Option.STANDARD_FORMATS,
                        Option.DEFINITIONS_FOR_ALL_OBJECTS,
                        Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES);
        config.forFields()
                .withRequiredCheck(
                        field -> !field.getRawMember().getAnnotatedType().isAnnotationPresent(Nullable.class));
        config.forTypesInGeneral()
                .withPropertySorter((one, other) -> 0)
                .withTitleResolver(type -> {
                    JsonTypeName name = type.getType().getErasedType().getAnnotation(JsonTypeName.class);
                    return name == null ? null : name.value();
                })
                .withCustomDefinitionProvider((type, context) -> {
                    Object[] constants = type.getErasedType().getEnumConstants();
                    if (constants == null) {
                        return null;
                    }
                    ObjectNode definition = WireJson.MAPPER.createObjectNode();
                    definition.put(context.getKeyword(SchemaKeyword.TAG_TYPE), "string");
                    ArrayNode values = definition.putArray(context.getKeyword(SchemaKeyword.TAG_ENUM));
                    for (Object constant : constants) {
                        values.add(WireJson.MAPPER.<JsonNode>valueToTree(constant));
                    }
                    return new CustomDefinition(definition);
                });
        return new SchemaGenerator(config.build());
    }
}
