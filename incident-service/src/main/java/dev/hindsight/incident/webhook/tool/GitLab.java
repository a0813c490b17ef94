package dev.hindsight.incident.webhook.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hindsight.contract.Change;
import dev.hindsight.contract.DeployState;
import dev.hindsight.incident.application.Learned;
import dev.hindsight.incident.webhook.verify.HeaderSecret;
import dev.hindsight.incident.webhook.verify.StandardWebhooksSignature;
import dev.hindsight.incident.webhook.verify.Verification;
import dev.hindsight.incident.webhook.verify.WebhookRequest;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * GitLab's webhooks about deployments; what they change is the project's service.
 *
 * <p>{@code X-Gitlab-Token} is the secret itself; where a signing token ({@code whsec_…}) is set, GitLab signs as Standard
 * Webhooks do, with the time. {@code Idempotency-Key} is the same when a delivery is sent again. Times have a blank where RFC
 * 3339 has a T, and several forms of offset.
 *
 * <p>Project, deployment, status and time identify a report: no order is documented, so they are ordered by
 * {@code status_changed_at}. A release that is made stands for a deploy where a project has no environments; the setup steps
 * say not to select both. A pipeline may be anything, and tells of no deploy.
 */
final class GitLab implements ToolAdapter {

    private static final String TOOL = "gitlab";

    /** Only a secret that was made to sign with is one. */
    private static final Verification SIGNED_OR_TOKEN = (request, secrets) -> new HeaderSecret("x-gitlab-token")
            .judge(request, secrets)
            .or(new StandardWebhooksSignature()
                    .judge(
                            request,
                            secrets.stream()
                                    .filter(secret -> secret.startsWith("whsec_"))
                                    .toList()));

    @Override
    public Verification verification(Integration integration) {
        return SIGNED_OR_TOKEN;
    }

    @Override
    public Translation translate(Integration integration, WebhookRequest request) {
        JsonNode body = Bodies.object(request);
        String kind = Fields.name(body.path("object_kind"), body.path("event_name"));
        if (kind == null) {
            throw new Untranslatable("not a GitLab webhook: it has no \"object_kind\"");
        }
        String key = request.header("idempotency-key");
        String deliveryKey = key == null || key.isBlank() ? request.digest() : key.strip();
        return switch (kind) {
            case "deployment" -> deployment(integration, request, deliveryKey, body);
            case "release" -> release(integration, request, deliveryKey, body);
            default -> Translation.nothing(deliveryKey, kind, "a " + kind + " tells of no deploy");
        };
    }

    private static Translation deployment(
            Integration integration, WebhookRequest request, String deliveryKey, JsonNode body) {
        String id = Fields.id(body.path("deployment_id"));
        if (id == null) {
            throw new Untranslatable("not a GitLab deployment: it has no \"deployment_id\"");
        }
        String status = Fields.nameOr(body.path("status"), "unknown");
        String type = "deployment." + status;
        Learned learned = new Learned();
        String service = service(integration, body, learned);
        DeployState said = said(status);
        if (said == null) {
            return Translation.nothing(deliveryKey, type, status + " changes nothing", learned);
        }
        String environment = Fields.nameOr(body.path("environment"), "production");
        String tier = Fields.name(body.path("environment_tier"));
        String externalId = project(body) + "/" + id;
        Instant at = Fields.time(body.path("status_changed_at"));
        DeployReport report = new DeployReport(
                externalId,
                externalId + "|" + status + (at == null ? "" : "|" + at),
                said,
                Fields.text(body.path("commit_title")),
                new Change(
                        service,
                        environment,
                        Fields.name(body.path("ref")),
                        Fields.name(body.path("short_sha")),
                        Fields.url(body.path("deployable_url"))),
                Environments.isProduction(tier == null ? null : tier.equals("production"), environment),
                at == null ? request.receivedAt() : at);
        return Translation.ofDeploys(deliveryKey, type, person(body, learned), List.of(report), learned);
    }

    private static @Nullable DeployState said(String status) {
        return switch (status) {
            case "created", "blocked" -> DeployState.PENDING;
            case "running" -> DeployState.RUNNING;
            case "success" -> DeployState.SUCCEEDED;
            case "failed" -> DeployState.FAILED;
            case "canceled" -> DeployState.CANCELED;
            default -> null;
        };
    }

    private static Translation release(
            Integration integration, WebhookRequest request, String deliveryKey, JsonNode body) {
        String id = Fields.id(body.path("id"));
        if (id == null) {
            throw new Untranslatable("not a GitLab release: it has no \"id\"");
        }
        String type = "release." + Fields.nameOr(body.path("action"), "unknown");
        if (!type.equals("release.create")) {
            return Translation.nothing(deliveryKey, type, "only a release that is made changes what runs");
        }
        Learned learned = new Learned();
        String externalId = project(body) + "/release/" + id;
        DeployReport report = new DeployReport(
                externalId,
                externalId + "|create",
                DeployState.SUCCEEDED,
                Fields.text(body.path("name")),
                new Change(
                        service(integration, body, learned),
                        "release",
                        Fields.name(body.path("tag")),
                        Fields.name(body.path("commit").path("id")),
                        Fields.url(body.path("url"))),
                true,
                Fields.timeOr(body.path("released_at"), Fields.timeOr(body.path("created_at"), request.receivedAt())));
        return Translation.ofDeploys(deliveryKey, type, null, List.of(report), learned);
    }

    private static String service(Integration integration, JsonNode body, Learned learned) {
        String service = integration.defaultService();
        if (service == null) {
            service = Fields.name(body.path("project").path("name"));
        }
        if (service == null) {
            throw new Untranslatable("it names no project, and the integration has no defaultService");
        }
        learned.service(service, null, TOOL, project(body));
        return service;
    }

    private static String project(JsonNode body) {
        return Fields.idOr(body.path("project").path("id"), "unknown");
    }

    private static @Nullable UUID person(JsonNode body, Learned learned) {
        JsonNode user = body.path("user");
        String id = Fields.id(user.path("id"));
        return id == null ? null : learned.person(TOOL, id, Fields.name(user.path("name"), user.path("username")));
    }

    @Override
    public List<String> setupSteps(String url) {
        return List.of(
                "In the project or group on GitLab, open Settings > Webhooks > Add new webhook.",
                "Paste " + url + " as the URL and the secret of this integration as the secret token; where your GitLab"
                        + " offers a signing token, give that (whsec_…) as the secret here instead.",
                "Select Deployment events, and nothing else; where the project has no environments, Releases events instead.",
                "The service is the project's name; set defaultService here where it is called otherwise.",
                "Choose Test > Deployment events: the delivery appears under GET /api/v1/deliveries.");
    }
}
