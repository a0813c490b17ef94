package dev.hindsight.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;

/**
 * One golden file.
 *
 * @param name of the file: the wire name, with {@link #MINIMAL} behind it where every optional property is left out
 */
record Golden(String name) {

    static final String MINIMAL = ".minimal";

    static Stream<Golden> all() {
        return ContractFiles.names(ContractFiles.GOLDEN).stream().map(Golden::new);
    }

    String wireName() {
        return isMinimal() ? name.substring(0, name.length() - MINIMAL.length()) : name;
    }

    boolean isMinimal() {
        return name.endsWith(MINIMAL);
    }

    Class<? extends DomainEvent> record() {
        return Vocabulary.recordOf(wireName())
                .orElseThrow(() -> new AssertionError("golden/" + name + " is of no wire type"));
    }

    String text() {
        return ContractFiles.text(ContractFiles.GOLDEN.resolve(name + ".json"));
    }

    JsonNode tree() {
        return WireJson.tree(text());
    }

    @Override
    public String toString() {
        return name;
    }
}
