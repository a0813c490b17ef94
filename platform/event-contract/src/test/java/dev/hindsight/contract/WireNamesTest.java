package dev.hindsight.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code hindsight.<category>.<kebab-name>.v<n>}, where the name is the record's own. */
class WireNamesTest {

    static Stream<String> all() {
        return Vocabulary.all().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("all")
    void aWireNameSaysCategoryNameAndVersion(String wireName) {
        Class<? extends DomainEvent> record = Vocabulary.recordOf(wireName).orElseThrow();

        assertThat(wireName).matches("hindsight\\.[a-z]+(-[a-z]+)*\\.[a-z]+(-[a-z]+)*\\.v[1-9][0-9]*");
        assertThat(wireName)
                .as("wire name of " + record.getName())
                .isEqualTo("hindsight." + categoryOf(record) + "." + nameAndVersionOf(record));
    }

    static String categoryOf(Class<? extends DomainEvent> record) {
        return kebab(vocabularyOf(record).getSimpleName().replaceFirst("Event$", ""));
    }

    /** The sealed interface of the streams that the event belongs to. */
    static Class<?> vocabularyOf(Class<? extends DomainEvent> record) {
        Class<?> vocabulary = record.getInterfaces()[0];
        while (!List.of(vocabulary.getInterfaces()).contains(DomainEvent.class)) {
            vocabulary = vocabulary.getInterfaces()[0];
        }
        return vocabulary;
    }

    /** {@code Declared} is version 1, {@code DeclaredV2} is version 2. */
    private static String nameAndVersionOf(Class<? extends DomainEvent> record) {
        String[] parts = record.getSimpleName().split("(?=V[0-9]+$)", 2);
        return kebab(parts[0]) + "." + (parts.length == 1 ? "v1" : parts[1].toLowerCase(Locale.ROOT));
    }

    private static String kebab(String camelCase) {
        return camelCase.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }
}
