package dev.hindsight.incident.webhook.tool;

import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import dev.hindsight.contract.DeployState;
import dev.hindsight.contract.Severity;
import dev.hindsight.incident.webhook.verify.Verdict;
import dev.hindsight.incident.webhook.verify.WebhookRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GitLabTest {

    private static final String SIGNING_TOKEN = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String BODY = "{\"object_kind\":\"pipeline\"}";

    @ParameterizedTest
    @CsvSource({"created, PENDING", "running, RUNNING", "success, SUCCEEDED", "failed, FAILED", "canceled, CANCELED"})
    void aStatusIsAReport(String status, DeployState said) {
        DeployReport report =
                deployment(status, "2021-04-28 21:50:00 +0200").deploys().getFirst();

        assertThat(report.said()).isEqualTo(said);
        assertThat(report.occurredAt()).isEqualTo(Instant.parse("2021-04-28T19:50:00Z"));
        assertThat(report.production()).isTrue();
    }

    @Test
    void whatIsSkippedChangesNothing() {
        assertThat(deployment("skipped", "2021-04-28 21:50:00 +0200").because()).isEqualTo("skipped changes nothing");
    }

    @Test
    void theSameStatusAtAnotherTimeIsAnotherReport() {
        assertThat(deployment("running", "2021-04-28 21:50:00 UTC")
                        .deploys()
                        .getFirst()
                        .key())
                .isNotEqualTo(deployment("running", "2021-04-28 22:50:00 UTC")
                        .deploys()
                        .getFirst()
                        .key());
    }

    @Test
    void aSigningTokenIsVerifiedAsStandardWebhooksAre() throws Exception {
        long now = Delivered.NOW.getEpochSecond();
        String signature = new Webhook(SIGNING_TOKEN).sign("e-1", now, BODY);
        Map<String, String> signed =
                Map.of("webhook-id", "e-1", "webhook-timestamp", "" + now, "webhook-signature", signature);

        assertThat(judge(signed, SIGNING_TOKEN, Delivered.NOW)).isEqualTo(Verdict.AUTHENTIC);
        assertThat(judge(signed, SIGNING_TOKEN, Delivered.NOW.plusSeconds(301))).isEqualTo(Verdict.STALE);
        assertThat(judge(signed, "whsec_" + "A".repeat(32), Delivered.NOW)).isEqualTo(Verdict.FORGED);
    }

    @Test
    void aSecretTokenIsComparedAsItIs() {
        assertThat(judge(Map.of("x-gitlab-token", "secret"), "secret", Delivered.NOW))
                .isEqualTo(Verdict.AUTHENTIC);
        assertThat(judge(Map.of("x-gitlab-token", "guess"), "secret", Delivered.NOW))
                .isEqualTo(Verdict.FORGED);
        assertThat(judge(Map.of(), "secret", Delivered.NOW)).isEqualTo(Verdict.UNSIGNED);
    }

    private static Verdict judge(Map<String, String> headers, String secret, Instant now) {
        Integration integration = new Integration(
                new UUID(3, 14),
                Provider.GITLAB,
                List.of(secret),
                null,
                Severity.SEV3,
                Map.of(),
                true,
                Duration.ofHours(4),
                null);
        return Provider.GITLAB
                .adapter()
                .verification(integration)
                .judge(
                        new WebhookRequest(
                                "https://hindsight.example/hook",
                                headers,
                                null,
                                BODY.getBytes(StandardCharsets.UTF_8),
                                now),
                        integration.secrets());
    }

    private static Translation deployment(String status, String at) {
        return Delivered.by(Provider.GITLAB, """
                {"object_kind":"deployment","status":"%s","status_changed_at":"%s","deployment_id":15,
                 "environment":"eu-live","project":{"id":30,"name":"shop"},"ref":"1.0.0"}""".formatted(status, at));
    }
}
