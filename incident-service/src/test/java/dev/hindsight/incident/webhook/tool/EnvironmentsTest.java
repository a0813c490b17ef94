package dev.hindsight.incident.webhook.tool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentsTest {

    @ParameterizedTest
    @ValueSource(strings = {"production", "Prod", "eu-prod-1", "production/shop", "live", "prd", "shop_PRODUCTION"})
    void theseAreProductionByTheirNames(String name) {
        assertThat(Environments.isProduction(null, name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "staging",
                "pre-production",
                "preprod",
                "non-prod",
                "nonprod",
                "not_live",
                "review/product-page",
                "delivery",
                "dev"
            })
    void theseAreNot(String name) {
        assertThat(Environments.isProduction(null, name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"production", "eu-1"})
    void whatTheToolSaysCounts(String name) {
        assertThat(Environments.isProduction(true, name)).isTrue();
        assertThat(Environments.isProduction(false, name)).isFalse();
    }
}
