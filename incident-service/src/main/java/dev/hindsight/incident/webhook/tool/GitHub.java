package dev.hindsight.incident.webhook.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hindsight.contract.Change;
import dev.hindsight.contract.DeployState;
import dev.hindsight.incident.application.Learned;
import dev.hindsight.incident.webhook.verify.BodySignature;
import dev.hindsight.incident.webhook.verify.Verification;
import dev.hindsight.incident.webhook.verify.WebhookRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * GitHub's webhooks about deployments; what they change is the repository's service.
 *
 * <p>{@code X-Hub-Signature-256} signs the raw body, also where the operator chose to send a form; the older SHA-1 header proves
 * nothing. {@code X-GitHub-Event} names the type, as it stands nowhere in the body, and {@code X-GitHub-Delivery} the delivery:
 * GitHub never sends again by itself, and people who do send the same id. Deliveries come in any order.
 *
 * <p>A deployment and each of its statuses have ids and times of their own. Every delivery tells when the deployment was made,
 * so that it does not matter which comes first. {@code inactive} says that a later deployment took its place, which is nothing
 * that happened to this one. A release that is published stands for a deploy where a repository has no deployments; the setup
 * steps say not to select both.
 */
final class GitHub implements ToolAdapter {

    private static final String TOOL = "github";
    private static final Verification SIGNED = new BodySignature("x-hub-signature-256", "sha256=");

    @Override
    public Verification verification(Integration integration) {
        return SIGNED;
    }

    @Override
    public Translation translate(Integration integration, WebhookRequest request) {
        JsonNode body = Bodies.object(request);
        String event = request.header("x-github-event");
        if (event == null) {
            throw new Untranslatable("not a GitHub webhook: it has no header X-GitHub-Event");
        }
        String delivery = request.header("x-github-delivery");
        String deliveryKey = delivery == null || delivery.isBlank() ? request.digest() : delivery.strip();
        String action = Fields.name(body.path("action"));
        String type = action == null ? event : event + "." + action;
        return switch (event) {
            case "deployment", "deployment_status" -> deployment(integration, request, deliveryKey, type, body);
            case "release" -> release(integration, request, deliveryKey, type, body);
            case "ping" -> Translation.nothing(deliveryKey, type, "the hook is connected");
            default -> Translation.nothing(deliveryKey, type, type + " tells of no deploy");
        };
    }

    private static Translation deployment(
            Integration integration, WebhookRequest request, String deliveryKey, String type, JsonNode body) {
        JsonNode deployment = body.path("deployment");
        String id = Fields.id(deployment.path("id"));
        if (id == null) {
            throw new Untranslatable("not a GitHub deployment: it has no \"deployment.id\"");
        }
        Learned learned = new Learned();
        JsonNode status = body.path("deployment_status");
        String environment =
                Fields.nameOr(deployment.path("environment"), Fields.nameOr(status.path("environment"), "production"));
        Change change = new Change(
                service(Fields.name(deployment.path("payload").path("service")), integration, body, learned),
                environment,
                Fields.name(deployment.path("ref")),
                Fields.name(deployment.path("sha")),
                page(body));
        JsonNode production = deployment.path("production_environment");
        // False is what GitHub says where nobody said anything.
        boolean isProduction = Environments.isProduction(production.asBoolean(false) ? true : null, environment);
        String externalId = repository(body) + "/" + id;
        Instant made = Fields.timeOr(deployment.path("created_at"), request.receivedAt());
        List<DeployReport> reports = new ArrayList<>();
        reports.add(new DeployReport(
                externalId,
                externalId + "|created",
                DeployState.PENDING,
                Fields.text(deployment.path("description")),
                change,
                isProduction,
                made));
        String state = Fields.name(status.path("state"));
        if (state != null && said(state) instanceof DeployState said) {
            reports.add(new DeployReport(
                    externalId,
                    externalId + "|" + Fields.idOr(status.path("id"), state),
                    said,
                    Fields.text(status.path("description")),
                    change,
                    isProduction,
                    Fields.timeOr(status.path("created_at"), request.receivedAt())));
        }
        UUID actor = person(status.isObject() ? status.path("creator") : deployment.path("creator"), learned);
        return Translation.ofDeploys(deliveryKey, state == null ? type : type + "." + state, actor, reports, learned);
    }

    private static @Nullable DeployState said(String state) {
        return switch (state) {
            case "pending", "queued", "waiting" -> DeployState.PENDING;
            case "in_progress" -> DeployState.RUNNING;
            case "success" -> DeployState.SUCCEEDED;
            case "failure", "error" -> DeployState.FAILED;
            default -> null;
        };
    }

    private static Translation release(
            Integration integration, WebhookRequest request, String deliveryKey, String type, JsonNode body) {
        JsonNode release = body.path("release");
        String id = Fields.id(release.path("id"));
        if (id == null) {
            throw new Untranslatable("not a GitHub release: it has no \"release.id\"");
        }
        if (!type.equals("release.published") || release.path("prerelease").asBoolean()) {
            return Translation.nothing(deliveryKey, type, "only a release that is published changes what runs");
        }
        Learned learned = new Learned();
        String externalId = repository(body) + "/release/" + id;
        DeployReport report = new DeployReport(
                externalId,
                externalId + "|published",
                DeployState.SUCCEEDED,
                Fields.text(release.path("name")),
                new Change(
                        service(null, integration, body, learned),
                        "release",
                        Fields.name(release.path("tag_name")),
                        null,
                        Fields.url(release.path("html_url"))),
                true,
                Fields.timeOr(release.path("published_at"), request.receivedAt()));
        return Translation.ofDeploys(
                deliveryKey, type, person(release.path("author"), learned), List.of(report), learned);
    }

    /** As the deployment's payload says, else the integration, else the repository's name. */
    private static String service(@Nullable String said, Integration integration, JsonNode body, Learned learned) {
        String service = said;
        if (service == null) {
            service = integration.defaultService();
        }
        if (service == null) {
            service = Fields.name(body.path("repository").path("name"));
        }
        if (service == null) {
            throw new Untranslatable("it names no repository, and the integration has no defaultService");
        }
        learned.service(service, null, TOOL, repository(body));
        return service;
    }

    private static String repository(JsonNode body) {
        return Fields.idOr(body.path("repository").path("id"), "unknown");
    }

    /** Addresses of the API are for machines. */
    private static @Nullable String page(JsonNode body) {
        JsonNode status = body.path("deployment_status");
        String run = Fields.url(body.path("workflow_run").path("html_url"));
        return run != null
                ? run
                : Fields.url(
                        Fields.url(status.path("target_url")) != null
                                ? status.path("target_url")
                                : body.path("repository").path("html_url"));
    }

    private static @Nullable UUID person(JsonNode user, Learned learned) {
        String id = Fields.id(user.path("id"));
        return id == null || "Bot".equals(user.path("type").asText())
                ? null
                : learned.person(TOOL, id, Fields.name(user.path("login")));
    }

    @Override
    public List<String> setupSteps(String url) {
        return List.of(
                "In the repository or organisation on GitHub, open Settings > Webhooks > Add webhook.",
                "Paste " + url + " as the payload URL; choose application/json; paste the secret of this integration.",
                "Choose \"Let me select individual events\": Deployments and Deployment statuses, and nothing else.",
                "Where the repository makes no deployments, choose Releases instead: one that is published counts as a deploy.",
                "The service is the repository's name; set defaultService here where it is called otherwise.",
                "GitHub sends a ping at once: it appears under GET /api/v1/deliveries.");
    }
}
