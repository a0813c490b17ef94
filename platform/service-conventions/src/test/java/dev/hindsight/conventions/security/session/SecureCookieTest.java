package dev.hindsight.conventions.security.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.conventions.HindsightConfig;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SecureCookieTest {

    private static HindsightConfig reachedAt(String url) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withMapping(HindsightConfig.class)
                .withConverter(MemorySize.class, 100, new MemorySizeConverter())
                .withSources(new PropertiesConfigSource(Map.of("hindsight.public-url", url), "test", 100))
                .build()
                .getConfigMapping(HindsightConfig.class);
    }

    @Test
    void behindAProxyThatSpeaksHttpsCookiesAreSecure() {
        assertThat(Sessions.isHttps(reachedAt("https://hindsight.example.org"))).isTrue();
        assertThat(Sessions.isHttps(reachedAt("http://127.0.0.1:8081"))).isFalse();
    }
}
