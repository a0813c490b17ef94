package dev.hindsight.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.local.Service;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Who gives a command to one service and then reads from another sees what it did. */
class ReadYourWritesTest {

    private final WholeSystem system = WholeSystem.running();

    @Test
    void whatACommandAnsweredIsKnownToEveryServiceThatIsAskedForIt() {
        for (int round = 0; round < 50; round++) {
            String service = "orders-" + UUID.randomUUID();
            String id = system.as("responder", Service.INCIDENT)
                    .body(Map.of("title", "Orders are late", "severity", "SEV2", "services", List.of(service)))
                    .post("/api/v1/incidents")
                    .then()
                    .statusCode(201)
                    .extract()
                    .jsonPath()
                    .getString("id");
            Response resolved = system.as("responder", Service.INCIDENT)
                    .body(Map.of())
                    .post("/api/v1/incidents/" + id + "/resolution");
            String version = resolved.header("Hindsight-Version");
            assertThat(version).isEqualTo(id + "@2");

            assertThat(read(Service.POSTMORTEM, "/api/v1/postmortems/" + id, version)
                            .getString("status"))
                    .isEqualTo("DRAFT");
            assertThat(read(Service.POSTMORTEM, "/api/v1/timelines/" + id, version)
                            .getList("entries.kind"))
                    .containsExactly("DECLARED", "RESOLVED");
            assertThat(read(Service.METRICS, "/api/v1/metrics/time_to_restore?service=" + service, version)
                            .getInt("groups[0].n"))
                    .isEqualTo(1);
        }
    }

    private JsonPath read(Service service, String path, String version) {
        return system.as("viewer", service)
                .header("Hindsight-After", version)
                .get(path)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }
}
