package dev.hindsight.incident.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hindsight.incident.webhook.verify.BodySignature;
import dev.hindsight.incident.webhook.verify.GrafanaSignature;
import dev.hindsight.incident.webhook.verify.SlackSignature;
import dev.hindsight.incident.webhook.verify.StandardWebhooksSignature;
import dev.hindsight.incident.webhook.verify.Verdict;
import dev.hindsight.incident.webhook.verify.Verification;
import dev.hindsight.incident.webhook.verify.WebhookRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The signatures that tools and standards published: each is judged as it says, and whatever is changed is refused. */
class SignatureVectorsTest {

    private record Vector(
            String name,
            Verification scheme,
            Map<String, String> headers,
            String secret,
            byte[] body,
            Instant at,
            boolean valid) {

        Verdict judge(byte[] otherBody, Map<String, String> otherHeaders, Instant otherTime, String... secrets) {
            return scheme.judge(
                    new WebhookRequest("https://hindsight.example/hook", otherHeaders, null, otherBody, otherTime),
                    List.of(secrets));
        }
    }

    @TestFactory
    Stream<DynamicTest> everyPublishedSignatureIsJudgedAsItSays() {
        return vectors()
                .map(vector -> DynamicTest.dynamicTest(vector.name(), () -> {
                    Verdict verdict =
                            vector.judge(vector.body(), vector.headers(), vector.at(), "rotated", vector.secret());
                    assertThat(verdict).isEqualTo(vector.valid() ? Verdict.AUTHENTIC : Verdict.FORGED);
                }));
    }

    @TestFactory
    Stream<DynamicTest> whateverIsChangedIsRefused() {
        return vectors()
                .filter(Vector::valid)
                .map(vector -> DynamicTest.dynamicTest(vector.name(), () -> {
                    for (int i = 0; i < vector.body().length; i += 1 + vector.body().length / 97) {
                        byte[] changed = vector.body().clone();
                        changed[i] ^= 1;
                        assertThat(vector.judge(changed, vector.headers(), vector.at(), vector.secret()))
                                .as("byte " + i)
                                .isEqualTo(Verdict.FORGED);
                    }
                    assertThat(vector.judge(vector.body(), vector.headers(), vector.at(), "another"))
                            .isEqualTo(Verdict.FORGED);
                    assertThat(vector.judge(vector.body(), Map.of(), vector.at(), vector.secret()))
                            .isEqualTo(Verdict.UNSIGNED);
                    vector.headers().forEach((name, value) -> {
                        if (name.contains("signature")) {
                            Map<String, String> changed = new TreeMap<>(vector.headers());
                            changed.put(name, value.substring(0, value.length() - 4) + "0000");
                            assertThat(vector.judge(vector.body(), changed, vector.at(), vector.secret()))
                                    .isEqualTo(Verdict.FORGED);
                            changed.put(name, "");
                            assertThat(vector.judge(vector.body(), changed, vector.at(), vector.secret()))
                                    .isEqualTo(Verdict.FORGED);
                        } else if (name.contains("timestamp")) {
                            Map<String, String> changed = new TreeMap<>(vector.headers());
                            changed.put(name, "" + (vector.at().getEpochSecond() + 1));
                            assertThat(vector.judge(vector.body(), changed, vector.at(), vector.secret()))
                                    .isEqualTo(Verdict.FORGED);
                            for (long minutes : new long[] {-6, 6}) {
                                assertThat(vector.judge(
                                                vector.body(),
                                                vector.headers(),
                                                vector.at().plusSeconds(60 * minutes),
                                                vector.secret()))
                                        .as("judged %s minutes after it was signed", minutes)
                                        .isEqualTo(Verdict.STALE);
                            }
                        }
                    });
                }));
    }

    private static Stream<Vector> vectors() {
        assumeTrue(Payloads.fixturesAreHere(), "the fixtures are not beside the project");
        List<Vector> all = new ArrayList<>();
        read(all, "pagerduty/signed-lifecycle.vectors.json", new BodySignature("x-pagerduty-signature", "v1="), "");
        read(all, "github/vectors.json", new BodySignature("x-hub-signature-256", "sha256="), "");
        read(all, "standard-webhooks/vectors.json", new StandardWebhooksSignature(), "webhook-timestamp");
        JsonNode grafana = Payloads.parse(Payloads.read(Payloads.FIXTURES.resolve("grafana/vectors.json")))
                .path("vectors");
        all.add(vector(
                "grafana",
                grafana.path(0),
                new GrafanaSignature("x-grafana-alerting-signature", "x-grafana-alerting-timestamp"),
                ""));
        all.add(vector(
                "grafana with a time",
                grafana.path(1),
                new GrafanaSignature("x-signature", "x-timestamp"),
                "x-timestamp"));
        all.add(vector(
                "slack",
                Payloads.parse(Payloads.read(Payloads.FIXTURES.resolve("slack/slash-command.signed.json"))),
                new SlackSignature(),
                "x-slack-request-timestamp"));
        return all.stream();
    }

    private static void read(List<Vector> all, String file, Verification scheme, String timestampHeader) {
        JsonNode vectors =
                Payloads.parse(Payloads.read(Payloads.FIXTURES.resolve(file))).path("vectors");
        for (JsonNode vector : vectors) {
            all.add(vector(file + " " + all.size(), vector, scheme, timestampHeader));
        }
    }

    private static Vector vector(String name, JsonNode vector, Verification scheme, String timestampHeader) {
        Map<String, String> headers = new TreeMap<>();
        vector.path("headers")
                .properties()
                .forEach(header -> headers.put(
                        header.getKey().toLowerCase(Locale.ROOT),
                        header.getValue().asText()));
        String folder = name.contains("/") ? name.substring(0, name.indexOf('/')) : "";
        byte[] body = vector.has("file")
                ? Payloads.read(Payloads.FIXTURES
                        .resolve(folder)
                        .resolve(vector.path("file").asText()))
                : vector.has("body_file")
                        ? Payloads.read(Payloads.FIXTURES
                                .resolve(folder)
                                .resolve(vector.path("body_file").asText()))
                        : Sender.bytes(vector.path(vector.has("body_raw") ? "body_raw" : "body")
                                .asText());
        return new Vector(
                name,
                scheme,
                headers,
                vector.path("secret").asText(),
                body,
                timestampHeader.isEmpty()
                        ? Instant.parse("2026-11-22T12:00:00Z")
                        : Instant.ofEpochSecond(Long.parseLong(headers.get(timestampHeader))),
                vector.path("valid").asBoolean(true));
    }
}
