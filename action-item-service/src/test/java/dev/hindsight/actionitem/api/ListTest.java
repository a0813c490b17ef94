package dev.hindsight.actionitem.api;

import static dev.hindsight.actionitem.Api.ITEMS;
import static dev.hindsight.actionitem.Api.accepted;
import static dev.hindsight.actionitem.Api.as;
import static dev.hindsight.actionitem.Api.good;
import static dev.hindsight.actionitem.Api.propose;
import static dev.hindsight.actionitem.Api.read;
import static dev.hindsight.actionitem.Api.step;
import static dev.hindsight.actionitem.Api.today;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.eventstore.StreamIds;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The list, each filter of it, and its pages. */
@QuarkusTest
@QuarkusTestResource(HindsightBackends.class)
class ListTest {

    @Test
    void itemsAreSortedByDueDateAndThoseWithoutComeLast() {
        String incident = UUID.randomUUID().toString();
        String none = propose(item(incident, "dueDate", null));
        String late = propose(item(incident, "dueDate", today().plusDays(30).toString()));
        String early = propose(item(incident, "dueDate", today().plusDays(1).toString()));
        read(ITEMS + "?incident=" + incident)
                .statusCode(200)
                .body("items.id", contains(early, late, none))
                .body("next", nullValue());
    }

    @Test
    void pagesFollowEachOtherWithoutGapOrRepetition() {
        String incident = UUID.randomUUID().toString();
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            all.add(propose(
                    item(incident, "dueDate", i < 3 ? null : today().plusDays(5).toString())));
        }
        List<String> seen = new ArrayList<>();
        String cursor = null;
        do {
            var page = as("viewer")
                    .queryParam("incident", incident)
                    .queryParam("limit", 2)
                    .queryParams(cursor == null ? Map.of() : Map.of("cursor", cursor))
                    .get(ITEMS)
                    .then()
                    .statusCode(200)
                    .extract();
            List<String> ids = page.path("items.id");
            assertThat(ids).hasSizeBetween(1, 2);
            seen.addAll(ids);
            cursor = page.path("next");
        } while (cursor != null);
        assertThat(seen).containsExactlyInAnyOrderElementsOf(all).doesNotHaveDuplicates();
    }

    @Test
    void eachFilterNarrowsTheList() {
        String incident = UUID.randomUUID().toString();
        String one = propose(item(incident, "category", "DETECTION"));
        Map<String, @Nullable Object> second = item(incident, "priority", "LOW");
        second.put("owner", "sarah@example.com");
        second.put("title", "Add config validation to the deploy pipeline of zanzibar");
        second.put("dueDate", "2026-03-20");
        String two = accepted(second);
        String base = ITEMS + "?incident=" + incident + "&";

        read(base + "category=DETECTION").body("items.id", contains(one));
        read(base + "priority=LOW").body("items.id", contains(two));
        read(base + "priority=LOW&priority=HIGH").body("items.id", hasSize(2));
        read(base + "status=ACCEPTED").body("items.id", contains(two));
        read(base + "status=PROPOSED&status=DONE").body("items.id", contains(one));
        read(base + "owner=sarah@example.com").body("items.id", contains(two));
        read(base + "owner=" + StreamIds.person("oidc", "sarah@example.com")).body("items.id", contains(two));
        read(base + "overdue=true").body("items.id", contains(two)).body("items.overdue", contains(true));
        read(base + "overdue=false").body("items.id", contains(one));
        read(base + "from=2026-03-20&to=2026-03-21").body("items.id", contains(two));
        read(base + "from=2026-03-20T00:00:00Z&to=2026-03-20T00:00:01Z").body("items.id", contains(two));
        read(base + "from=2026-03-20T00:00:01Z&to=2026-03-21").body("items.id", empty());
        read(base + "to=2026-03-20").body("items.id", empty());
        read(base + "q=zanzibar").body("items.id", contains(two));
        read(base + "q=zanzibar -validation").body("items.id", empty());
        read(base + "q=\"config validation\"").body("items.id", contains(two));
        String reference = read(ITEMS + "/" + one).extract().path("reference");
        read(base + "q=" + reference).body("items.id", contains(one));
        read(base + "service=nowhere").body("items.id", empty());
        read(ITEMS + "?incident=INC-404404").statusCode(200).body("items", empty());

        step(two, "completion").statusCode(200);
        read(base + "overdue=true").body("items.id", empty());
    }

    @ParameterizedTest
    @CsvSource({
        "status=OPEN, status",
        "priority=P1, priority",
        "category=none, category",
        "overdue=perhaps, overdue",
        "from=yesterday, from",
        "limit=0, limit",
        "limit=251, limit",
        "cursor=nonsense, cursor",
        "cursor=WyJ4IiwieSJd, cursor",
        "postmortem=7, postmortem",
        "owner=the team, owner",
        "crew=sre, crew",
        "sort=title, sort"
    })
    void aFilterThatCannotBeReadIsNamed(String query, String field) {
        read(ITEMS + "?" + query)
                .statusCode(400)
                .contentType("application/problem+json")
                .body("violations.field", contains(field))
                .body("status", equalTo(400));
    }

    private static Map<String, @Nullable Object> item(String incident, String key, @Nullable Object value) {
        Map<String, @Nullable Object> body = good("incidentId", incident);
        body.put(key, value);
        return body;
    }
}
