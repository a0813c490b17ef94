package dev.hindsight.conventions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HindsightConfigTest {

    private static HindsightConfig read(Map<String, String> properties) {
        return new SmallRyeConfigBuilder()
                .withMapping(HindsightConfig.class)
                .withConverter(
                        io.quarkus.runtime.configuration.MemorySize.class,
                        100,
                        new io.quarkus.runtime.configuration.MemorySizeConverter())
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build()
                .getConfigMapping(HindsightConfig.class);
    }

    @Test
    void everyKeyHasADefault() {
        assertThat(read(Map.of()).http().maxBody().asLongValue()).isEqualTo(1024 * 1024);
    }

    @Test
    void anUnknownKeyFailsTheStart() {
        assertThatThrownBy(() -> read(Map.of("hindsight.http.max-bodi", "2M"))).hasMessageContaining("max-bodi");
    }
}
