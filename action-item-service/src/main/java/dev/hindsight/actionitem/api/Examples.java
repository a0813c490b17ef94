package dev.hindsight.actionitem.api;

/** Bodies that the OpenAPI document shows. */
final class Examples {

    static final String PROPOSAL = """
            {
              "incidentId": "INC-42",
              "title": "Add rate limiting to the /search API endpoint at 100 req/s",
              "change": {
                "kind": "CONFIGURATION",
                "description": "Token bucket of 100 req/s per client in the gateway's route for /search",
                "url": "https://git.example.com/gateway/pulls/311"
              },
              "owner": "maria@example.com",
              "dueDate": "2026-12-05",
              "priority": "HIGH",
              "type": "PREVENTATIVE",
              "category": "MITIGATION",
              "risk": "BLAST_RADIUS",
              "verification": {
                "kind": "TEST",
                "description": "The load test at 200 req/s gets 429 from the 101st request of a second on"
              }
            }""";

    static final String PATCH = """
            {"owner": "sarah@example.com", "dueDate": "2026-12-12"}""";

    static final String VERIFICATION = """
            {"evidence": "Load test 4711 at 200 req/s: 429 from the 101st request of each second on"}""";

    static final String CANCELLATION = """
            {"reason": "The endpoint is retired on 2026-12-15"}""";

    private Examples() {}
}
