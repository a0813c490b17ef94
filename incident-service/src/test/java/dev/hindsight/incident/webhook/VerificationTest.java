package dev.hindsight.incident.webhook;

import static dev.hindsight.incident.webhook.Sender.bytes;
import static dev.hindsight.incident.webhook.Sender.hex;
import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookSigningException;
import dev.hindsight.incident.webhook.verify.BodySignature;
import dev.hindsight.incident.webhook.verify.GrafanaSignature;
import dev.hindsight.incident.webhook.verify.HeaderSecret;
import dev.hindsight.incident.webhook.verify.RootlySignature;
import dev.hindsight.incident.webhook.verify.SharedSecret;
import dev.hindsight.incident.webhook.verify.SlackSignature;
import dev.hindsight.incident.webhook.verify.SplunkOnCallSignature;
import dev.hindsight.incident.webhook.verify.StandardWebhooksSignature;
import dev.hindsight.incident.webhook.verify.Verdict;
import dev.hindsight.incident.webhook.verify.Verification;
import dev.hindsight.incident.webhook.verify.WebhookRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each scheme by itself, signed here with code that is not the one under test. */
class VerificationTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final long SECONDS = NOW.getEpochSecond();
    private static final String OLD = "whsec_" + Base64.getEncoder().encodeToString(new byte[24]);
    private static final String NEW = Sender.SECRET;
    private static final byte[] BODY = bytes("{\"text\":\"Größe: 5 %\",\"bytes\":\"\\u0000\"}");

    private static Verdict judge(Verification scheme, Map<String, String> headers, byte[] body, String... secrets) {
        return judge(scheme, headers, null, body, NOW, secrets);
    }

    private static Verdict judge(
            Verification scheme,
            Map<String, String> headers,
            String pathSecret,
            byte[] body,
            Instant now,
            String... secrets) {
        return scheme.judge(
                new WebhookRequest("https://hindsight.example/hook", headers, pathSecret, body, now), List.of(secrets));
    }

    private static byte[] key(String secret) {
        return bytes(secret);
    }

    /** Every signing scheme with the headers that prove the body with that secret at that time. */
    private record Signed(String name, Verification scheme, Map<String, String> headers) {}

    private static Stream<Signed> allSchemes(String secret, byte[] body, long at) {
        return Stream.of(
                new Signed(
                        "PagerDuty",
                        new BodySignature("x-pagerduty-signature", "v1="),
                        Map.of("x-pagerduty-signature", "v1=" + hex(key(secret), body))),
                new Signed(
                        "GitHub",
                        new BodySignature("x-hub-signature-256", "sha256="),
                        Map.of("x-hub-signature-256", "sha256=" + hex(key(secret), body))),
                new Signed(
                        "FireHydrant",
                        new BodySignature("fh-signature", ""),
                        Map.of("fh-signature", hex(key(secret), body))),
                new Signed(
                        "Standard Webhooks",
                        new StandardWebhooksSignature(),
                        Map.of(
                                "webhook-id",
                                "msg_1",
                                "webhook-timestamp",
                                "" + at,
                                "webhook-signature",
                                Sender.standard(secret, "msg_1", at, body))),
                new Signed(
                        "Svix",
                        new StandardWebhooksSignature(),
                        Map.of(
                                "svix-id",
                                "msg_1",
                                "svix-timestamp",
                                "" + at,
                                "svix-signature",
                                Sender.standard(secret, "msg_1", at, body))),
                new Signed(
                        "Slack",
                        new SlackSignature(),
                        Map.of(
                                "x-slack-request-timestamp",
                                "" + at,
                                "x-slack-signature",
                                "v0=" + hex(key(secret), bytes("v0:" + at + ":"), body))),
                new Signed(
                        "Grafana",
                        new GrafanaSignature("x-grafana-alerting-signature", "x-grafana-alerting-timestamp"),
                        Map.of("x-grafana-alerting-signature", hex(key(secret), body))),
                new Signed(
                        "Grafana with a time",
                        new GrafanaSignature("x-grafana-alerting-signature", "x-grafana-alerting-timestamp"),
                        Map.of(
                                "x-grafana-alerting-timestamp",
                                "" + at,
                                "x-grafana-alerting-signature",
                                hex(key(secret), bytes(at + ":"), body))),
                new Signed(
                        "Rootly",
                        new RootlySignature(),
                        Map.of("x-rootly-signature", "t=" + at + ", v1=" + hex(key(secret), bytes("" + at), body))));
    }

    @Test
    void whatTheToolSignedIsAuthenticAndNothingElseIs() {
        assertThat(allSchemes(NEW, BODY, SECONDS)).allSatisfy(signed -> {
            assertThat(judge(signed.scheme(), signed.headers(), BODY, NEW))
                    .as(signed.name())
                    .isEqualTo(Verdict.AUTHENTIC);
            assertThat(judge(signed.scheme(), signed.headers(), bytes("{}"), NEW))
                    .as(signed.name())
                    .isEqualTo(Verdict.FORGED);
            assertThat(judge(signed.scheme(), signed.headers(), BODY, OLD))
                    .as(signed.name())
                    .isEqualTo(Verdict.FORGED);
            assertThat(judge(signed.scheme(), signed.headers(), BODY))
                    .as(signed.name() + ": without a secret nothing is authentic")
                    .isEqualTo(Verdict.FORGED);
            assertThat(judge(signed.scheme(), signed.headers(), BODY, ""))
                    .as(signed.name() + ": an empty secret authenticates nothing")
                    .isEqualTo(Verdict.FORGED);
            assertThat(judge(signed.scheme(), Map.of(), BODY, NEW))
                    .as(signed.name())
                    .isEqualTo(Verdict.UNSIGNED);
        });
    }

    @Test
    void duringARotationBothSecretsAreValid() {
        for (String secret : List.of(OLD, NEW)) {
            assertThat(allSchemes(secret, BODY, SECONDS))
                    .allSatisfy(signed -> assertThat(judge(signed.scheme(), signed.headers(), BODY, NEW, OLD))
                            .as(signed.name())
                            .isEqualTo(Verdict.AUTHENTIC));
        }
    }

    @Test
    void aSignedTimeMayBeFiveMinutesFromOursAndNoMore() {
        Stream<Signed> timed = allSchemes(NEW, BODY, SECONDS)
                .filter(signed -> signed.headers().keySet().stream().anyMatch(name -> name.contains("timestamp"))
                        || signed.name().equals("Rootly"));
        assertThat(timed).hasSize(5).allSatisfy(signed -> {
            for (long seconds : new long[] {-300, 300}) {
                assertThat(judge(signed.scheme(), signed.headers(), null, BODY, NOW.plusSeconds(seconds), NEW))
                        .as(signed.name())
                        .isEqualTo(Verdict.AUTHENTIC);
            }
            for (long seconds : new long[] {-301, 301, 86_400}) {
                assertThat(judge(signed.scheme(), signed.headers(), null, BODY, NOW.plusSeconds(seconds), NEW))
                        .as(signed.name())
                        .isEqualTo(Verdict.STALE);
            }
        });
    }

    @Test
    void aSignatureWithoutATimeIsNoneForTheSameBodyWithOne() {
        Map<String, String> stripped =
                new TreeMap<>(Map.of("x-grafana-alerting-signature", hex(key(NEW), bytes(SECONDS + ":"), BODY)));
        Verification grafana = new GrafanaSignature("x-grafana-alerting-signature", "x-grafana-alerting-timestamp");
        assertThat(judge(grafana, stripped, BODY, NEW)).isEqualTo(Verdict.FORGED);
        stripped.put("x-grafana-alerting-timestamp", "yesterday");
        assertThat(judge(grafana, stripped, BODY, NEW)).isEqualTo(Verdict.FORGED);
    }

    @Test
    void ofSeveralSignaturesOneIsEnoughAndOtherVersionsArePassedOver() {
        String right = hex(key(NEW), BODY);
        Verification pagerDuty = new BodySignature("x-pagerduty-signature", "v1=");
        assertThat(judge(pagerDuty, Map.of("x-pagerduty-signature", "v2=" + right), BODY, NEW))
                .isEqualTo(Verdict.FORGED);
        assertThat(judge(pagerDuty, Map.of("x-pagerduty-signature", "v2=00, v1=zz ,v1=" + right), BODY, NEW))
                .isEqualTo(Verdict.AUTHENTIC);
        assertThat(judge(
                        pagerDuty, Map.of("x-pagerduty-signature", "v1=00,".repeat(20_000) + "v1=" + right), BODY, NEW))
                .as("nobody makes us compare thousands")
                .isEqualTo(Verdict.FORGED);
        String standard = Sender.standard(NEW, "msg_1", SECONDS, BODY);
        Map<String, String> headers = new TreeMap<>(Map.of("webhook-id", "msg_1", "webhook-timestamp", "" + SECONDS));
        headers.put("webhook-signature", "v1a," + standard.substring(3) + " v1,AAAA  " + standard);
        assertThat(judge(new StandardWebhooksSignature(), headers, BODY, NEW)).isEqualTo(Verdict.AUTHENTIC);
        headers.put("webhook-signature", "v1a," + standard.substring(3));
        assertThat(judge(new StandardWebhooksSignature(), headers, BODY, NEW)).isEqualTo(Verdict.FORGED);
    }

    @Test
    void theStandardsOwnLibrarySignsWhatWeAccept() throws WebhookSigningException {
        Map<String, String> headers = Map.of(
                "webhook-id",
                "msg_1",
                "webhook-timestamp",
                "" + SECONDS,
                "webhook-signature",
                new Webhook(NEW).sign("msg_1", SECONDS, new String(BODY, StandardCharsets.UTF_8)));
        assertThat(judge(new StandardWebhooksSignature(), headers, BODY, NEW)).isEqualTo(Verdict.AUTHENTIC);
    }

    @Test
    void bytesThatAreNoTextAreSignedAsTheyAre() {
        byte[] body = new byte[512];
        new Random(7).nextBytes(body);
        Verification gitHub = new BodySignature("x-hub-signature-256", "sha256=");
        assertThat(judge(gitHub, Map.of("x-hub-signature-256", "sha256=" + hex(key(NEW), body)), body, NEW))
                .isEqualTo(Verdict.AUTHENTIC);
        byte[] key = Base64.getDecoder().decode(NEW.substring("whsec_".length()));
        Map<String, String> headers = Map.of(
                "webhook-id",
                "msg_1",
                "webhook-timestamp",
                "" + SECONDS,
                "webhook-signature",
                "v1," + Sender.base64("HmacSHA256", key, bytes("msg_1." + SECONDS + "."), body));
        assertThat(judge(new StandardWebhooksSignature(), headers, body, NEW)).isEqualTo(Verdict.AUTHENTIC);
    }

    @Test
    void splunkOnCallSignsTheUrlAndTheSortedFields() {
        byte[] form = bytes("summary=&incident=31&state_message=%22maybe+later%22&entity_id=%22a%2Fb%22");
        String signed = "https://hindsight.example/hook" + "entity_id\"a/b\"" + "incident31"
                + "state_message\"maybe later\"" + "summary";
        Map<String, String> headers =
                Map.of("x-victorops-signature", Sender.base64("HmacSHA1", key(NEW), bytes(signed)));
        Verification scheme = new SplunkOnCallSignature();
        assertThat(judge(scheme, headers, form, OLD, NEW)).isEqualTo(Verdict.AUTHENTIC);
        assertThat(judge(scheme, headers, bytes("summary=&incident=32"), NEW)).isEqualTo(Verdict.FORGED);
        assertThat(judge(scheme, headers, form, OLD)).isEqualTo(Verdict.FORGED);
        assertThat(judge(scheme, Map.of(), form, NEW)).isEqualTo(Verdict.UNSIGNED);
    }

    @Test
    void aSharedSecretComesAsBearerBasicOrLastPathSegment() {
        Verification shared = new SharedSecret();
        String basic = Base64.getEncoder().encodeToString(bytes("anybody:" + NEW));
        assertThat(judge(shared, Map.of("authorization", "Bearer " + NEW), BODY, OLD, NEW))
                .isEqualTo(Verdict.AUTHENTIC);
        assertThat(judge(shared, Map.of("authorization", "bearer  " + NEW), BODY, NEW))
                .isEqualTo(Verdict.AUTHENTIC);
        assertThat(judge(shared, Map.of("authorization", "Basic " + basic), BODY, NEW))
                .isEqualTo(Verdict.AUTHENTIC);
        assertThat(judge(shared, Map.of(), NEW, BODY, NOW, NEW)).isEqualTo(Verdict.AUTHENTIC);
        for (String header : List.of("Bearer x", "Basic !!", "Digest " + NEW, NEW, "", "Bearer")) {
            assertThat(judge(shared, Map.of("authorization", header), BODY, NEW).isAuthentic())
                    .as(header)
                    .isFalse();
        }
        assertThat(judge(shared, Map.of("authorization", "Bearer " + NEW), "wrong", BODY, NOW, NEW))
                .as("a wrong path segment is not made good by a header")
                .isEqualTo(Verdict.FORGED);
        assertThat(judge(shared, Map.of(), BODY, NEW)).isEqualTo(Verdict.UNSIGNED);
        assertThat(judge(shared, Map.of("authorization", "Bearer "), BODY, "")).isEqualTo(Verdict.FORGED);
    }

    @Test
    void gitLabSendsTheSecretInAHeaderOrSigns() {
        Verification gitLab = Verification.anyOf(new HeaderSecret("x-gitlab-token"), new StandardWebhooksSignature());
        assertThat(judge(gitLab, Map.of("x-gitlab-token", OLD), BODY, NEW, OLD)).isEqualTo(Verdict.AUTHENTIC);
        assertThat(judge(gitLab, Map.of("x-gitlab-token", "guess"), BODY, NEW)).isEqualTo(Verdict.FORGED);
        Map<String, String> signed = Map.of(
                "webhook-id",
                "1",
                "webhook-timestamp",
                "" + SECONDS,
                "webhook-signature",
                Sender.standard(NEW, "1", SECONDS, BODY));
        assertThat(judge(gitLab, signed, BODY, NEW)).isEqualTo(Verdict.AUTHENTIC);
        assertThat(judge(gitLab, Map.of(), BODY, NEW)).isEqualTo(Verdict.UNSIGNED);
        assertThat(judge(gitLab, signed, null, BODY, NOW.plusSeconds(3_600), NEW))
                .as("the nearest to a proof is what whoever sets it up wants to hear")
                .isEqualTo(Verdict.STALE);
    }

    @Test
    void whatHeadersHoldNeverBreaksTheJudgement() {
        Random random = new Random(11);
        List<String> odd =
                List.of("", " ", ",", "=", "v1=", "v1,", "t=,v1=", "t=9999999999999999999,v1=00", "\u0000", "é", "v0=");
        for (int round = 0; round < 2_000; round++) {
            long at = SECONDS;
            List<Signed> schemes = allSchemes(NEW, BODY, at).toList();
            Signed signed = schemes.get(random.nextInt(schemes.size()));
            Map<String, String> headers = new TreeMap<>(signed.headers());
            headers.replaceAll((name, value) -> random.nextBoolean()
                    ? odd.get(random.nextInt(odd.size()))
                    : value + odd.get(random.nextInt(odd.size())));
            assertThat(judge(signed.scheme(), headers, BODY, NEW)).isNotNull();
        }
    }
}
