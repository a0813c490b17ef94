package dev.hindsight.conventions.testing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestFactory;

/** The rules hold for this module, and each fails for rooms that break it. */
class RoomsRulesTest {

    @Nested
    class OfThisModule extends RoomsRules {
        OfThisModule() {
            super("dev.hindsight.conventions");
        }
    }

    @TestFactory
    List<DynamicTest> everyRuleFailsWhenItIsBroken() {
        RoomsRules rules = new CrookedRooms();
        return List.of(
                broken("domain knows a framework and a view", rules::theDomainKnowsNobody),
                broken("domain has a clock and dice", rules::theDomainHasNoClockAndNoDice),
                broken("application knows a door", rules::theApplicationKnowsOnlyDomainAndView),
                broken("view gives commands", rules::theViewKnowsNoneOfTheDoorsAndNoCommands),
                broken("somebody depends on a door", rules::nobodyDependsOnADoor),
                broken("rooms in a circle", rules::noRoomsDependOnEachOtherInACircle),
                broken("a package without a guide", rules::everyPackageIsNullMarkedAndHasAGuide));
    }

    private static DynamicTest broken(String name, Runnable rule) {
        return DynamicTest.dynamicTest(name, () -> assertThatThrownBy(rule::run).isInstanceOf(AssertionError.class));
    }
}
