package dev.hindsight.conventions.openapi;

import dev.hindsight.conventions.http.Answers;
import dev.hindsight.conventions.http.HindsightAfter;
import dev.hindsight.conventions.http.PureCall;
import dev.hindsight.conventions.http.RequestContext;
import dev.hindsight.conventions.http.RequiresIfMatch;
import dev.hindsight.conventions.http.SafeToRepeat;
import dev.hindsight.conventions.http.Unversioned;
import dev.hindsight.conventions.problem.Problem;
import dev.hindsight.conventions.problem.ProblemType;
import dev.hindsight.conventions.security.Roles;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.Paths;
import org.eclipse.microprofile.openapi.models.headers.Header;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.AnnotationValue;
import org.jboss.jandex.DotName;
import org.jboss.jandex.IndexView;
import org.jboss.jandex.MethodInfo;
import org.jspecify.annotations.Nullable;

/** Runs once, when the service is built. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD, priority = 0)
public final class ConventionsFilter implements OASFilter {

    /** Extension of each operation: the least role that may call it. */
    public static final String REQUIRED_ROLE = "x-required-role";

    private static final String SCHEME = "bearer";
    private static final DotName PATH = DotName.createSimple(Path.class);
    private static final List<String> VERBS = List.of("GET", "POST", "PUT", "PATCH", "DELETE");

    private final Map<String, MethodInfo> methods = new TreeMap<>();

    public ConventionsFilter(IndexView index) {
        for (String verb : VERBS) {
            for (AnnotationInstance annotation : index.getAnnotations(DotName.createSimple("jakarta.ws.rs." + verb))) {
                MethodInfo method = annotation.target().asMethod();
                String path = pathOf(method.declaringClass().declaredAnnotation(PATH))
                        + pathOf(method.declaredAnnotation(PATH));
                methods.put(verb + " " + path, method);
            }
        }
    }

    @Override
    public void filterOpenAPI(OpenAPI document) {
        if (document.getComponents() == null) {
            document.setComponents(OASFactory.createComponents());
        }
        Components components = document.getComponents();
        components.addSecurityScheme(
                SCHEME,
                OASFactory.createSecurityScheme()
                        .type(SecurityScheme.Type.HTTP)
                        .scheme("bearer")
                        .bearerFormat("JWT")
                        .description(
                                "A token of the configured OIDC provider, or an API token (hst_…); its role is one of viewer, responder, editor,"
                                        + " admin, each including the ones before."));
        describeProblems(components);

        Map<String, PathItem> sorted = new TreeMap<>();
        if (document.getPaths() != null && document.getPaths().getPathItems() != null) {
            sorted.putAll(document.getPaths().getPathItems());
        }
        Paths paths = OASFactory.createPaths();
        sorted.forEach((path, item) -> {
            if (path.startsWith("/api/")) {
                item.getOperations().forEach((verb, operation) -> describe(verb.name(), path, operation));
            }
            paths.addPathItem(path, item);
        });
        document.setPaths(paths);
        if (components.getSchemas() != null) {
            components.setSchemas(new TreeMap<>(components.getSchemas()));
        }
        if (document.getTags() != null) {
            document.setTags(document.getTags().stream()
                    .sorted(Comparator.comparing(tag -> tag.getName()))
                    .toList());
        }
    }

    private void describe(String verb, String path, Operation operation) {
        MethodInfo method = methods.get(verb + " " + path);
        boolean command = !verb.equals("GET")
                && (method == null
                        || !method.hasDeclaredAnnotation(PureCall.class)
                                && !method.hasDeclaredAnnotation(SafeToRepeat.class));
        boolean versioned = command && (method == null || !method.hasDeclaredAnnotation(Unversioned.class));
        boolean requiresIfMatch = method != null && method.hasDeclaredAnnotation(RequiresIfMatch.class);
        boolean body = operation.getRequestBody() != null;

        String role = method == null ? null : requiredRole(method);
        if (role != null) {
            operation.addExtension(REQUIRED_ROLE, role);
            String sentence = "Needs role `" + role + "`.";
            operation.setDescription(
                    operation.getDescription() == null ? sentence : operation.getDescription() + "\n\n" + sentence);
            operation.setSecurity(List.of(OASFactory.createSecurityRequirement().addScheme(SCHEME)));
        }

        List<ProblemType> problems = new ArrayList<>(List.of(ProblemType.INVALID_REQUEST));
        if (role != null) {
            problems.add(ProblemType.UNAUTHENTICATED);
            problems.add(ProblemType.FORBIDDEN);
        }
        if (path.contains("{")) {
            problems.add(ProblemType.NOT_FOUND);
        }
        if (command) {
            problems.add(ProblemType.REFUSED);
        }
        if (versioned) {
            problems.add(ProblemType.STALE_VERSION);
            parameter(operation, "If-Match", ifMatch(requiresIfMatch));
        }
        if (command && verb.equals("POST")) {
            problems.add(ProblemType.IDEMPOTENCY_KEY_REUSED);
            parameter(operation, RequestContext.IDEMPOTENCY_KEY, idempotencyKey());
        }
        if (requiresIfMatch) {
            problems.add(ProblemType.PRECONDITION_REQUIRED);
        }
        if (verb.equals("GET")) {
            parameter(operation, HindsightAfter.HEADER, hindsightAfter());
        }
        if (body) {
            problems.add(ProblemType.TOO_LARGE);
            problems.add(ProblemType.UNSUPPORTED_MEDIA_TYPE);
        }
        problems.add(ProblemType.INTERNAL);
        problems.add(ProblemType.UNAVAILABLE);

        Map<String, APIResponse> responses = new TreeMap<>();
        if (operation.getResponses() != null && operation.getResponses().getAPIResponses() != null) {
            responses.putAll(operation.getResponses().getAPIResponses());
        }
        for (ProblemType problem : problems) {
            APIResponse own = responses.get(Integer.toString(problem.status()));
            if (own == null || own.getContent() == null) {
                responses.put(
                        Integer.toString(problem.status()),
                        OASFactory.createAPIResponse().ref("#/components/responses/" + nameOf(problem)));
            }
        }
        APIResponses all = OASFactory.createAPIResponses();
        responses.forEach((status, response) -> {
            if (versioned && (status.equals("200") || status.equals("201"))) {
                response.addHeader("ETag", header("Version of the new state, to be sent as If-Match.", "\"7\""));
                response.addHeader(
                        Answers.HINDSIGHT_VERSION,
                        header(
                                "How far the stream is; sent as Hindsight-After to any service, it is answered from then on.",
                                "0198c0de-0000-7000-8000-000000000001@7"));
            }
            all.addAPIResponse(status, response);
        });
        operation.setResponses(all);
    }

    private static Header header(String description, String example) {
        return OASFactory.createHeader().description(description).schema(text()).example(example);
    }

    private static void parameter(Operation operation, String name, Parameter parameter) {
        List<Parameter> own = operation.getParameters() == null ? List.of() : operation.getParameters();
        if (own.stream().noneMatch(given -> name.equalsIgnoreCase(given.getName()))) {
            operation.addParameter(parameter);
        }
    }

    private static Parameter ifMatch(boolean required) {
        return OASFactory.createParameter()
                .name("If-Match")
                .in(Parameter.In.HEADER)
                .required(required ? true : null)
                .description("ETag that was read; 412 when it has changed since" + (required ? ", 428 without." : "."))
                .schema(text().pattern("^(\\*|(W/)?\"\\d{1,18}\")$"));
    }

    private static Parameter idempotencyKey() {
        return OASFactory.createParameter()
                .name(RequestContext.IDEMPOTENCY_KEY)
                .in(Parameter.In.HEADER)
                .description("The same key and body get the same answer for seven days; another body is a 422.")
                .schema(text().minLength(1).maxLength(255));
    }

    private static Parameter hindsightAfter() {
        return OASFactory.createParameter()
                .name(HindsightAfter.HEADER)
                .in(Parameter.In.HEADER)
                .description(
                        "The Hindsight-Version of a command of any service: the answer knows of it, or is a 503 with"
                                + " Retry-After after two seconds.")
                .schema(text());
    }

    private static Schema text() {
        return OASFactory.createSchema().addType(Schema.SchemaType.STRING);
    }

    private static void describeProblems(Components components) {
        Schema entry = OASFactory.createSchema()
                .addType(Schema.SchemaType.OBJECT)
                .addProperty("field", text().description("JSON path in the body, or the parameter's name."))
                .addProperty("code", text())
                .addProperty("message", text())
                .required(List.of("field", "code", "message"));
        Schema reason = OASFactory.createSchema()
                .addType(Schema.SchemaType.OBJECT)
                .addProperty("code", text())
                .addProperty("message", text())
                .required(List.of("code", "message"));
        components.addSchema(
                "Problem",
                OASFactory.createSchema()
                        .addType(Schema.SchemaType.OBJECT)
                        .description("What is answered instead of what was asked for (RFC 9457).")
                        .addProperty("type", text().format("uri-reference"))
                        .addProperty("title", text())
                        .addProperty("status", OASFactory.createSchema().addType(Schema.SchemaType.INTEGER))
                        .addProperty("detail", text())
                        .addProperty("instance", text().format("uri-reference"))
                        .addProperty(
                                "violations",
                                OASFactory.createSchema()
                                        .addType(Schema.SchemaType.ARRAY)
                                        .description("Of a 400: the fields to blame.")
                                        .items(entry))
                        .addProperty(
                                "reasons",
                                OASFactory.createSchema()
                                        .addType(Schema.SchemaType.ARRAY)
                                        .description("Of a 409: every rule that stands against it.")
                                        .items(reason))
                        .addProperty("traceId", text().description("Of a 500 or 503: what to look for in the log."))
                        .required(List.of("type", "title", "status")));
        for (ProblemType problem : ProblemType.values()) {
            APIResponse response = OASFactory.createAPIResponse()
                    .description(problem.title() + ".")
                    .content(OASFactory.createContent()
                            .addMediaType(
                                    Problem.MEDIA_TYPE,
                                    OASFactory.createMediaType()
                                            .schema(OASFactory.createSchema().ref("#/components/schemas/Problem"))
                                            .example(example(problem))));
            switch (problem) {
                case UNAUTHENTICATED -> response.addHeader("WWW-Authenticate", header("The scheme.", "Bearer"));
                case TOO_MANY_REQUESTS, UNAVAILABLE -> response.addHeader("Retry-After", header("Seconds.", "2"));
                default -> {}
            }
            components.addResponse(nameOf(problem), response);
        }
    }

    private static Map<String, Object> example(ProblemType problem) {
        Map<String, Object> example = new LinkedHashMap<>();
        example.put("type", problem.uri());
        example.put("title", problem.title());
        example.put("status", problem.status());
        example.put("instance", "/api/v1/…");
        if (problem == ProblemType.INVALID_REQUEST) {
            example.put("violations", List.of(entry("title", "NOT_BLANK", "title must not be blank.")));
        }
        if (problem == ProblemType.REFUSED) {
            example.put("reasons", List.of(entry(null, "ALREADY_CLOSED", "The incident is closed; reopen it first.")));
        }
        if (problem == ProblemType.INTERNAL || problem == ProblemType.UNAVAILABLE) {
            example.put("traceId", "4bf92f3577b34da6a3ce929d0e0e4736");
        }
        return example;
    }

    private static Map<String, Object> entry(@Nullable String field, String code, String message) {
        Map<String, Object> entry = new LinkedHashMap<>();
        if (field != null) {
            entry.put("field", field);
        }
        entry.put("code", code);
        entry.put("message", message);
        return entry;
    }

    private static String nameOf(ProblemType problem) {
        StringBuilder name = new StringBuilder();
        for (String word : problem.name().split("_", -1)) {
            name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return name.toString();
    }

    private static @Nullable String requiredRole(MethodInfo method) {
        AnnotationInstance allowed = method.declaredAnnotation(RolesAllowed.class);
        if (allowed == null) {
            allowed = method.declaringClass().declaredAnnotation(RolesAllowed.class);
        }
        AnnotationValue value = allowed == null ? null : allowed.value();
        return value == null
                ? null
                : Arrays.stream(value.asStringArray())
                        .min(Comparator.comparingInt(Roles.ALL::indexOf))
                        .orElse(null);
    }

    private static String pathOf(@Nullable AnnotationInstance annotation) {
        if (annotation == null) {
            return "";
        }
        // The document has no patterns: {id:[^/]+} is {id}.
        String path =
                annotation.value().asString().replaceAll("\\{\\s*([^:}\\s]+)\\s*:(?:[^{}]|\\{[^{}]*\\})*\\}", "{$1}");
        path = path.startsWith("/") ? path : "/" + path;
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
