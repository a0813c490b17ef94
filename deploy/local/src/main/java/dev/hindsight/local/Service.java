package dev.hindsight.local;

import java.nio.file.Path;

/** The four services, in the order of their ports. */
public enum Service {
    INCIDENT("incident-service", "incident", 0),
    POSTMORTEM("postmortem-service", "postmortem", 1),
    ACTION_ITEM("action-item-service", "action_item", 2),
    METRICS("metrics-service", "metrics", 3);

    static final int DEFAULT_BASE_PORT = 8081;

    private final String module;
    private final String database;
    private final int offset;

    Service(String module, String database, int offset) {
        this.module = module;
        this.database = database;
        this.offset = offset;
    }

    /** Its module, its process and its log. */
    public String module() {
        return module;
    }

    /** Its own database. */
    public String database() {
        return database;
    }

    int port(int basePort) {
        return basePort + offset;
    }

    /** Where it is reached on the local stack. */
    public String url(int basePort) {
        return "http://127.0.0.1:" + port(basePort);
    }

    /** Beside the jar, and only good for that one. */
    Path aotCache(Path project) {
        return jar(project).resolveSibling("app.aot");
    }

    Path jar(Path project) {
        return project.resolve(module).resolve("target/quarkus-app/quarkus-run.jar");
    }
}
