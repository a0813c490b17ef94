package dev.hindsight.actionitem.domain;

import static dev.hindsight.actionitem.domain.Items.CHANGE;
import static dev.hindsight.actionitem.domain.Items.GOOD;
import static dev.hindsight.actionitem.domain.Items.VERIFICATION;
import static dev.hindsight.actionitem.domain.Items.codes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.contract.ActionItemDetails;
import dev.hindsight.contract.ActionItemDetails.Change;
import dev.hindsight.contract.ActionItemDetails.ChangeKind;
import dev.hindsight.contract.ActionItemDetails.Verification;
import dev.hindsight.contract.ActionItemDetails.VerificationKind;
import dev.hindsight.contract.refusal.Invalid;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Action Item Quality Bar of seed 000, and "what makes an action item effective" of seed 004. */
class QualityBarSpecTest {

    @Test
    void whatSaysEverythingMeetsTheBar() {
        assertThat(QualityBar.judge(GOOD)).isEmpty();
    }

    @ParameterizedTest(name = "passes: {0}")
    @ValueSource(
            strings = {
                // seed 000
                "Add config validation to the deploy pipeline",
                "Add config validation to the deploy pipeline, owner Maria, due 2026-06-07",
                // seed 004
                "Add rate limiting to the /search API endpoint at 100 req/s",
                "Sarah adds query performance checks to the staging deploy step by March 19",
                // of the same kind
                "Alert when the replication lag of orders-db exceeds 30 s",
                "Write a runbook for failing over the payment gateway",
                "Remove the retry loop from checkout-worker",
                "Set pool.max to 64 in checkout-api",
                "Require a second approval for schema migrations",
                "Find why the cache of eu-west lost its entries at 03:10",
                "Rotate leaked API key",
                "Drill the restore of the orders database from backup",
                "Show database connections per service on the checkout dashboard",
                "Load test checkout-api with 64 clients before every release",
                "Add an index on orders.customer_id",
                "Reduce the DNS TTL of api.example.com to 60 s",
                "Train the restore from backup in a quarterly drill with the orders database",
                "Improve p99 latency of /search below 300 ms",
                "Migrate session storage from memcached to Redis",
                "We should add a circuit breaker to the payment client",
                "検索APIに毎秒100件の制限を入れる",
            })
    void aSpecificTitle(String title) {
        assertThat(QualityBar.judge(Items.details(title))).isEmpty();
    }

    @ParameterizedTest(name = "{1}: {0}")
    @CsvSource(delimiter = '|', textBlock = """
            improve monitoring                                 | TITLE_VAGUE
            Improve monitoring.                                | TITLE_VAGUE
            improve rate limiting                              | TITLE_VAGUE
            be more careful                                    | TITLE_ABOUT_PEOPLE
            Be more careful!                                   | TITLE_ABOUT_PEOPLE
            retrain the engineer                               | TITLE_ABOUT_PEOPLE
            Retrain the on-call engineers on config changes    | TITLE_ABOUT_PEOPLE
            We should improve our deployment pipeline          | TITLE_VAGUE
            Improving our deployment pipeline                  | TITLE_VAGUE
            The team should pay more attention to alerts       | TITLE_ABOUT_PEOPLE
            Remind everyone to check the config before deploys | TITLE_ABOUT_PEOPLE
            Train the developers in writing safe migrations    | TITLE_ABOUT_PEOPLE
            Double-check everything                            | TITLE_ABOUT_PEOPLE
            Avoid human error during deploys                   | TITLE_ABOUT_PEOPLE
            Communicate better with customers                  | TITLE_ABOUT_PEOPLE
            better alerting                                    | TITLE_VAGUE
            more tests                                         | TITLE_VAGUE
            Add more replicas to the search cluster            | TITLE_VAGUE
            Add monitoring                                     | TITLE_VAGUE
            Fix the bug                                        | TITLE_VAGUE
            Fix flaky tests                                    | TITLE_VAGUE
            Make sure this does not happen again               | TITLE_VAGUE
            Consider adding a circuit breaker to the gateway   | TITLE_VAGUE
            Look into the alerting of the checkout service     | TITLE_VAGUE
            runbook                                            | TITLE_VAGUE
            TBD                                                | TITLE_VAGUE
            n/a                                                | TITLE_VAGUE
            ???                                                | TITLE_VAGUE
            """)
    void aTitleThatIsRefusedWithTheReason(String title, String code) {
        assertThat(QualityBar.judge(Items.details(title))).singleElement().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo(code);
            assertThat(finding.field()).isEqualTo("title");
            assertThat(finding.message()).isNotBlank();
            assertThat(finding.suggestion()).isNotBlank();
        });
    }

    @Test
    void eachThingThatIsLeftOutIsAFindingOfItsOwn() {
        assertThat(codes(QualityBar.judge(without("change")))).containsExactly("CHANGE_MISSING");
        assertThat(codes(QualityBar.judge(without("owner")))).containsExactly("OWNER_MISSING");
        assertThat(codes(QualityBar.judge(without("dueDate")))).containsExactly("DUE_DATE_MISSING");
        assertThat(codes(QualityBar.judge(without("risk")))).containsExactly("RISK_MISSING");
        assertThat(codes(QualityBar.judge(without("verification")))).containsExactly("VERIFICATION_MISSING");
        assertThat(codes(QualityBar.judge(without("priority")))).containsExactly("PRIORITY_MISSING");
        assertThat(codes(QualityBar.judge(without("type")))).containsExactly("TYPE_MISSING");
        assertThat(codes(QualityBar.judge(without("category")))).containsExactly("CATEGORY_MISSING");
    }

    @ParameterizedTest(name = "change {1}: {0}")
    @CsvSource(delimiter = '|', textBlock = """
            improve monitoring                      | CHANGE_VAGUE
            TBD                                     | CHANGE_VAGUE
            config                                  | CHANGE_VAGUE
            Everybody will be more careful          | CHANGE_ABOUT_PEOPLE
            Retrain the engineer who did the deploy | CHANGE_ABOUT_PEOPLE
            """)
    void aChangeThatDescribesNothing(String description, String code) {
        ActionItemDetails details = with(new Change(ChangeKind.OTHER, description, null), VERIFICATION);
        assertThat(codes(QualityBar.judge(details))).containsExactly(code);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Pull request gateway#311", "Panel of connections by service", "limits.conf", "nginx limit_req"})
    void aShortChangeThatNamesSomethingWillDo(String description) {
        assertThat(QualityBar.judge(with(new Change(ChangeKind.OTHER, description, null), VERIFICATION)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"test", "tbd", "check it", "n/a", "Be careful"})
    void aVerificationThatShowsNothing(String description) {
        ActionItemDetails details = with(CHANGE, new Verification(VerificationKind.TEST, description));
        assertThat(codes(QualityBar.judge(details))).containsExactly("VERIFICATION_VAGUE");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "the team",
                "Team",
                "SRE team",
                "platform-team",
                "@checkout-team",
                "team-payments@example.com",
                "everyone",
                "on-call",
                "oncall",
                "TBD",
                "nobody",
                "ops",
                "Search Squad"
            })
    void aTeamIsNoOwner(String owner) {
        Assertions.assertThatThrownBy(() -> NamedPerson.check(owner))
                .isInstanceOfSatisfying(Invalid.class, invalid -> assertThat(
                                invalid.violations().getFirst().code())
                        .isEqualTo("OWNER_NOT_A_PERSON"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Maria",
                "maria@example.com",
                "Steam Boat",
                "Opsahl, Kari",
                "Esteam Teamer",
                "auth0|64f1",
                "sarah.teamer@example.com",
                "0198c0de-0000-7000-8000-00000000000a"
            })
    void aPersonIsOne(String owner) {
        NamedPerson.check(owner);
    }

    private static ActionItemDetails with(Change change, Verification verification) {
        return new ActionItemDetails(
                GOOD.title(),
                change,
                GOOD.owner(),
                GOOD.dueDate(),
                GOOD.priority(),
                GOOD.type(),
                GOOD.category(),
                GOOD.risk(),
                verification);
    }

    private static ActionItemDetails without(String field) {
        return new ActionItemDetails(
                GOOD.title(),
                field.equals("change") ? null : GOOD.change(),
                field.equals("owner") ? null : GOOD.owner(),
                field.equals("dueDate") ? null : GOOD.dueDate(),
                field.equals("priority") ? null : GOOD.priority(),
                field.equals("type") ? null : GOOD.type(),
                field.equals("category") ? null : GOOD.category(),
                field.equals("risk") ? null : GOOD.risk(),
                field.equals("verification") ? null : GOOD.verification());
    }
}
