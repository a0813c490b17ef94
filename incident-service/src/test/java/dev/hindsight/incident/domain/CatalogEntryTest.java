package dev.hindsight.incident.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.contract.CatalogEvent;
import dev.hindsight.contract.CatalogEvent.Alias;
import dev.hindsight.contract.CatalogEvent.AliasesSaid;
import dev.hindsight.contract.CatalogEvent.EntryMerged;
import dev.hindsight.contract.CatalogEvent.EntryUnmerged;
import dev.hindsight.contract.CatalogEvent.PersonDescribed;
import dev.hindsight.contract.CatalogEvent.PersonLearned;
import dev.hindsight.contract.CatalogEvent.PersonLinked;
import dev.hindsight.contract.CatalogEvent.PersonNameRemoved;
import dev.hindsight.contract.CatalogEvent.ServiceDescribed;
import dev.hindsight.contract.CatalogEvent.ServiceLearned;
import dev.hindsight.contract.CatalogEvent.TeamDescribed;
import dev.hindsight.contract.refusal.Refused;
import dev.hindsight.incident.domain.CatalogCommand.Call;
import dev.hindsight.incident.domain.CatalogCommand.CallNoMore;
import dev.hindsight.incident.domain.CatalogCommand.Describe;
import dev.hindsight.incident.domain.CatalogCommand.Merge;
import dev.hindsight.incident.domain.CatalogCommand.OfPerson;
import dev.hindsight.incident.domain.CatalogCommand.OfService;
import dev.hindsight.incident.domain.CatalogCommand.OfTeam;
import dev.hindsight.incident.domain.CatalogCommand.RemoveName;
import dev.hindsight.incident.domain.CatalogCommand.Unmerge;
import dev.hindsight.incident.domain.CatalogEntry.Known;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CatalogEntryTest {

    private static final UUID OTHER = new UUID(4, 2);
    private static final UUID TEAM = new UUID(7, 7);
    private static final CatalogEntry PAGED =
            after(CatalogEntry.UNKNOWN, new PersonLearned("Maria L.", "pagerduty", "PVE0ZR9"));
    private static final CatalogEntry WITH_TOKEN =
            after(CatalogEntry.UNKNOWN, new PersonLearned("Maria Lindqvist", CatalogEvent.OIDC, "maria@example.org"));
    private static final CatalogEntry CHECKOUT =
            after(CatalogEntry.UNKNOWN, new ServiceLearned("checkout", null, "pagerduty", "PNE3JZM"));

    private static CatalogEntry after(CatalogEntry entry, CatalogEvent... events) {
        CatalogEntry state = entry;
        for (CatalogEvent event : events) {
            state = CatalogEntry.evolve(state, event);
        }
        return state;
    }

    private static void refused(CatalogEntry entry, CatalogCommand command, String... codes) {
        assertThatThrownBy(() -> CatalogEntry.decide(entry, command))
                .isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.reasons())
                        .extracting(Refused.Reason::code)
                        .containsExactly(codes));
    }

    @Test
    void whatPeopleSayStandsAboveWhatWasLearnedBeforeOrIsMentionedAgain() {
        Describe said = new Describe(false, new OfService("checkout", TEAM));
        List<CatalogEvent> events = CatalogEntry.decide(CHECKOUT, said);
        assertThat(events).containsExactly(new ServiceDescribed("checkout", TEAM));

        CatalogEntry described = after(CHECKOUT, events.getFirst());
        assertThat(CatalogEntry.decide(described, said)).isEmpty();
        assertThat(after(described, new ServiceLearned("CHECKOUT", null, null, null)))
                .isEqualTo(described);
        assertThat(((CatalogEntry.Service) described).isLearned()).isFalse();
        assertThat(((CatalogEntry.Service) described).alias().key()).isEqualTo("PNE3JZM");
    }

    @Test
    void somethingNewIsNotThereYet() {
        Describe entered = new Describe(true, new OfTeam("Payments", OTHER));
        assertThat(CatalogEntry.decide(CatalogEntry.UNKNOWN, entered))
                .containsExactly(new TeamDescribed("Payments", OTHER));
        refused(after(CatalogEntry.UNKNOWN, new TeamDescribed("Payments", null)), entered, "ALREADY_KNOWN");
    }

    @Test
    void whoIsMergedIntoSomebodyWithATokenComesWithThatToken() {
        assertThat(CatalogEntry.decide(PAGED, new Merge(OTHER, WITH_TOKEN, false)))
                .containsExactly(new EntryMerged(OTHER), new PersonLinked("maria@example.org"));
        assertThat(CatalogEntry.decide(WITH_TOKEN, new Merge(OTHER, PAGED, false)))
                .containsExactly(new EntryMerged(OTHER));
    }

    @Test
    void whatIsMergedIsNotMergedAgainAndIsTakenBackOnce() {
        CatalogEntry merged = after(PAGED, new EntryMerged(OTHER));
        assertThat(CatalogEntry.decide(merged, new Merge(OTHER, WITH_TOKEN, false)))
                .isEmpty();
        assertThat(CatalogEntry.decide(merged, new Unmerge())).containsExactly(new EntryUnmerged(OTHER));
        assertThat(CatalogEntry.decide(after(merged, new PersonLinked("maria")), new Unmerge()))
                .containsExactly(new EntryUnmerged(OTHER), new CatalogEvent.PersonUnlinked("maria"));
        assertThat(CatalogEntry.decide(PAGED, new Unmerge())).isEmpty();
        assertThat(after(merged, new EntryUnmerged(OTHER))).isEqualTo(PAGED);
    }

    @Test
    void chainsOfMergedEntriesAreRefusedWithAllThatStandsAgainstThem() {
        CatalogEntry merged = after(WITH_TOKEN, new EntryMerged(TEAM));
        refused(PAGED, new Merge(OTHER, merged, true), "TARGET_IS_MERGED", "HAS_DUPLICATES");
        refused(PAGED, new Merge(OTHER, CHECKOUT, false), "ANOTHER_KIND");
        refused(PAGED, new Merge(OTHER, CatalogEntry.UNKNOWN, false), "ANOTHER_KIND");
    }

    @Test
    void aNameIsRemovedForGood() {
        assertThat(CatalogEntry.decide(PAGED, new RemoveName("asked for")))
                .containsExactly(new PersonNameRemoved("asked for"));
        CatalogEntry removed = after(PAGED, new PersonNameRemoved("asked for"));
        assertThat(CatalogEntry.decide(removed, new RemoveName("again"))).isEmpty();
        refused(removed, new Describe(false, new OfPerson("Maria", null, null)), "NAME_REMOVED");
        assertThat(((CatalogEntry.Person) after(removed, new PersonLearned("Maria", "x", "y"))).nameRemoved())
                .isTrue();
    }

    @Test
    void aRemovedNameDoesNotComeBackByAMerge() {
        CatalogEntry removed = after(PAGED, new PersonNameRemoved("asked for"));
        refused(removed, new Merge(OTHER, WITH_TOKEN, false), "NAME_REMOVED");
    }

    @Test
    void whoIsFoundToBeSomebodyWithoutANameLosesTheirs() {
        CatalogEntry removed = after(WITH_TOKEN, new PersonNameRemoved("asked for"));
        assertThat(CatalogEntry.decide(PAGED, new Merge(OTHER, removed, false)))
                .extracting(event -> (Object) event.getClass())
                .containsExactly(EntryMerged.class, PersonLinked.class, PersonNameRemoved.class);
    }

    private static Alias alias(String tool, String key) {
        return new Alias(tool, key);
    }

    private static List<CatalogEvent> called(CatalogEntry entry, CatalogEntry whole, Alias... aliases) {
        return CatalogEntry.decide(entry, new Call(List.of(aliases), OTHER, (Known) whole, false));
    }

    @Test
    void whatNobodyHasMentionedBeginsAsTheAliasOfAnother() {
        assertThat(called(CatalogEntry.UNKNOWN, CHECKOUT, alias("opsgenie", "Checkout API"), alias("goalert", "7")))
                .containsExactly(
                        new ServiceLearned("Checkout API", null, "opsgenie", "Checkout API"),
                        new AliasesSaid(List.of(alias("goalert", "7"))),
                        new EntryMerged(OTHER));
        assertThat(called(CatalogEntry.UNKNOWN, WITH_TOKEN, alias("opsgenie", "maria")))
                .containsExactly(
                        new PersonLearned("maria", "opsgenie", "maria"),
                        new EntryMerged(OTHER),
                        new PersonLinked("maria@example.org"));
    }

    @Test
    void anAliasThatIsSoAlreadyChangesNothing() {
        CatalogEntry known = after(CatalogEntry.UNKNOWN, new ServiceLearned("cart", null, null, null));
        CatalogEntry called = after(known, new AliasesSaid(List.of(alias("goalert", "cart"))), new EntryMerged(OTHER));
        assertThat(called(known, CHECKOUT, alias("goalert", "cart")))
                .containsExactly(new AliasesSaid(List.of(alias("goalert", "cart"))), new EntryMerged(OTHER));
        assertThat(called(called, CHECKOUT, alias("goalert", "cart"))).isEmpty();
        assertThat(called(called, CHECKOUT, alias("goalert", "cart"), alias("datadog", "cart")))
                .containsExactly(new AliasesSaid(List.of(alias("goalert", "cart"), alias("datadog", "cart"))));
        assertThat(CatalogEntry.decide(called, new CallNoMore()))
                .containsExactly(new AliasesSaid(List.of()), new EntryUnmerged(OTHER));
        assertThat(after(called, new AliasesSaid(List.of()), new EntryUnmerged(OTHER)))
                .isEqualTo(known);
    }

    @Test
    void anAliasMeansOneEntryOnly() {
        CatalogEntry ofAnother = after(PAGED, new EntryMerged(TEAM));
        refused(
                ofAnother,
                new Call(List.of(alias("pagerduty", "PVE0ZR9")), OTHER, (Known) WITH_TOKEN, false),
                "ALIAS_OF_ANOTHER");
        refused(
                PAGED,
                new Call(List.of(alias("pagerduty", "PVE0ZR9")), OTHER, (Known) WITH_TOKEN, true),
                "HAS_DUPLICATES");
    }

    @Test
    void anEntryMayBeCalledByItsOwnNameByAFurtherTool() {
        Alias further = alias("goalert", "checkout");
        assertThat(CatalogEntry.decide(
                        CHECKOUT,
                        new Call(List.of(alias("pagerduty", "PNE3JZM"), further), null, (Known) CHECKOUT, false)))
                .containsExactly(new AliasesSaid(List.of(further)));
        assertThat(((Known) after(CHECKOUT, new AliasesSaid(List.of(further)), new ServiceDescribed("checkout", TEAM)))
                        .aliases())
                .containsExactly(alias("pagerduty", "PNE3JZM"), further);
    }

    @Test
    void aPersonSaysWhereTheyAreAndKeepsWhoTheyAre() {
        CatalogEntry.Person described = (CatalogEntry.Person)
                after(PAGED, new PersonLinked("maria"), new PersonDescribed("Maria", "Europe/Stockholm", TEAM));
        assertThat(described.comesAs()).isEqualTo("maria");
        assertThat(described.alias().key()).isEqualTo("PVE0ZR9");
        assertThat(described.timeZone()).isEqualTo("Europe/Stockholm");
        assertThat(described.team()).isEqualTo(TEAM);
    }
}
