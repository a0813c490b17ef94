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
                .addDefaultInterceptors()
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
    void theFrontPageIsAtThePublicUrlUnlessTheIncidentServiceIsElsewhere() {
        Map<String, String> open = Map.of("hindsight.public-url", "https://hindsight.example.org");
        assertThat(read(Map.of()).incidentUrl()).hasToString("http://127.0.0.1:8081");
        assertThat(read(open).incidentUrl()).hasToString("https://hindsight.example.org");
        assertThat(read(Map.of(
                                "hindsight.public-url",
                                "https://hindsight.example.org",
                                "hindsight.incident-url",
                                "https://incidents.example.org"))
                        .incidentUrl())
                .hasToString("https://incidents.example.org");
    }

    @Test
    void anUnknownKeyFailsTheStart() {
        assertThatThrownBy(() -> read(Map.of("hindsight.http.max-bodi", "2M"))).hasMessageContaining("max-bodi");
    }
}
