package dev.hindsight.incident.webhook.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.contract.DeployState;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GitHubTest {

    private static final String STATUS = """
            {"action":"created",
             "deployment":{"id":9,"ref":"v7","sha":"9b1c","environment":"production","created_at":"2026-11-20T09:58:00Z"},
             "deployment_status":{"id":3,"state":"%s","created_at":"2026-11-20T10:01:07Z","target_url":"%s"},
             "repository":{"id":77,"name":"shop","html_url":"https://github.com/shop/shop"}}""";

    @ParameterizedTest
    @CsvSource({
        "pending, PENDING",
        "queued, PENDING",
        "waiting, PENDING",
        "in_progress, RUNNING",
        "success, SUCCEEDED",
        "failure, FAILED",
        "error, FAILED"
    })
    void aStatusIsAReportWithItsOwnTime(String state, DeployState said) {
        DeployReport report = status(state, "").deploys().getLast();

        assertThat(report.said()).isEqualTo(said);
        assertThat(report.occurredAt()).isEqualTo(Instant.parse("2026-11-20T10:01:07Z"));
        assertThat(report.key()).isEqualTo("77/9|3");
    }

    @Test
    void everyDeliveryTellsWhenTheDeploymentWasMade() {
        DeployReport made = status("success", "").deploys().getFirst();

        assertThat(made.said()).isEqualTo(DeployState.PENDING);
        assertThat(made.occurredAt()).isEqualTo(Instant.parse("2026-11-20T09:58:00Z"));
        assertThat(made.key()).isEqualTo("77/9|created");
    }

    @ParameterizedTest
    @CsvSource({"prod, false, true", "staging, false, false", "eu-1, true, true"})
    void thatNobodySaidItIsProductionLeavesItToTheName(String environment, boolean said, boolean production) {
        String body = STATUS.formatted("success", "")
                .replace(
                        "\"environment\":\"production\"",
                        "\"environment\":\"" + environment + "\",\"production_environment\":" + said);
        assertThat(Delivered.by(Provider.GITHUB, body, Map.of("x-github-event", "deployment_status"))
                        .deploys()
                        .getLast()
                        .production())
                .isEqualTo(production);
    }

    @Test
    void whatTookItsPlaceIsNothingThatHappenedToIt() {
        assertThat(status("inactive", "").deploys()).hasSize(1);
    }

    @Test
    void itsPageIsThatOfTheRunElseThatOfTheRepository() {
        assertThat(status("success", "https://ci.example/1")
                        .deploys()
                        .getLast()
                        .change()
                        .url())
                .isEqualTo("https://ci.example/1");
        assertThat(status("success", "").deploys().getLast().change().url()).isEqualTo("https://github.com/shop/shop");
    }

    @Test
    void theDeliverysIdIsThatOfItsHeader() {
        assertThat(Delivered.by(
                                Provider.GITHUB,
                                STATUS.formatted("success", ""),
                                Map.of("x-github-event", "deployment_status", "x-github-delivery", "d-1"))
                        .deliveryKey())
                .isEqualTo("d-1");
    }

    @Test
    void withoutTheTypesHeaderNobodyKnowsWhatItIs() {
        assertThatThrownBy(() -> Delivered.by(Provider.GITHUB, STATUS.formatted("success", "")))
                .isInstanceOf(Untranslatable.class);
    }

    @Test
    void anyOtherTypeTellsOfNoDeploy() {
        assertThat(Delivered.by(Provider.GITHUB, "{\"action\":\"completed\"}", Map.of("x-github-event", "workflow_run"))
                        .because())
                .isEqualTo("workflow_run.completed tells of no deploy");
    }

    private static Translation status(String state, String url) {
        return Delivered.by(
                Provider.GITHUB, STATUS.formatted(state, url), Map.of("x-github-event", "deployment_status"));
    }
}
