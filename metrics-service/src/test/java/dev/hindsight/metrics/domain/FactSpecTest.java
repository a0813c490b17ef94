package dev.hindsight.metrics.domain;

import static dev.hindsight.metrics.domain.Facts.at;
import static dev.hindsight.metrics.domain.Facts.recorded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.contract.ActionItemDetails;
import dev.hindsight.contract.ActionItemEvent;
import dev.hindsight.contract.ActionItemStatus;
import dev.hindsight.contract.PostmortemEvent;
import dev.hindsight.contract.PostmortemSection;
import dev.hindsight.contract.RequirementAnswer;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FactSpecTest {

    private static final UUID INCIDENT = UUID.fromString("00000000-0000-7000-8000-000000000001");
    private static final ActionItemDetails DETAILS = new ActionItemDetails(
            "Add rate limit",
            null,
            null,
            LocalDate.parse("2026-12-01"),
            ActionItemDetails.Priority.HIGH,
            null,
            null,
            null,
            null);

    private PostmortemFact postmortem;
    private ActionItemFact item;
    private long version;

    @Test
    void aDraftKnowsTheResolutionThatItBeganFrom() {
        given("11:00", new PostmortemEvent.Drafted(INCIDENT, null, at("10:59")));
        assertThat(postmortem.resolvedAt()).isEqualTo(at("10:59"));
        assertThat(postmortem.publishedAt()).isNull();
    }

    @Test
    void theResolutionIsOfMicrosecondsAsTheIncidentsIs() {
        given("11:00", new PostmortemEvent.Drafted(INCIDENT, null, at("10:59").plusNanos(123_456_789)));
        assertThat(postmortem.resolvedAt()).isEqualTo(at("10:59").plusNanos(123_456_000));
    }

    @Test
    void onlyTheFirstPublicationCounts() {
        given("11:00", new PostmortemEvent.Drafted(INCIDENT, null, at("10:59")));
        given("12:00", new PostmortemEvent.Published(INCIDENT, 1, List.of(), 1));
        given("13:00", new PostmortemEvent.Reopened(INCIDENT, "a factor was missing"));
        given("14:00", new PostmortemEvent.Published(INCIDENT, 2, List.of(), 3));
        assertThat(postmortem.publishedAt()).isEqualTo(at("12:00"));
    }

    @Test
    void aWaiverDoesNotUndoTheRequirement() {
        given(
                "11:00",
                new PostmortemEvent.RequirementDecided(
                        INCIDENT, RequirementAnswer.REQUIRED, List.of(), 1, true, "it is", null, null));
        given("12:00", new PostmortemEvent.Waived(INCIDENT, "known"));
        assertThat(postmortem.required()).isTrue();
        assertThat(postmortem.duty()).isTrue();
        assertThat(postmortem.waived()).isTrue();
    }

    @Test
    void proseChangesNoFact() {
        given("11:00", new PostmortemEvent.Drafted(INCIDENT, null, at("10:59")));
        PostmortemFact before = postmortem;
        given("11:30", new PostmortemEvent.SectionWritten(INCIDENT, PostmortemSection.SUMMARY, 1, "It was down."));
        assertThat(postmortem).isEqualTo(before);
    }

    @Test
    void anItemIsDoneWhenTheChangeIsMadeAndNotWhenItIsVerified() {
        given("11:00", new ActionItemEvent.Proposed(INCIDENT, null, "ACT-1", DETAILS, List.of()));
        given("11:10", new ActionItemEvent.Accepted(INCIDENT));
        given("11:20", new ActionItemEvent.Started(INCIDENT));
        given("11:30", new ActionItemEvent.Completed(INCIDENT, null));
        given("11:40", new ActionItemEvent.Verified(INCIDENT, "drill"));
        assertThat(item.status()).isEqualTo(ActionItemStatus.VERIFIED);
        assertThat(item.acceptedAt()).isEqualTo(at("11:10"));
        assertThat(item.doneAt()).isEqualTo(at("11:30"));
    }

    @Test
    void aRevisionMovesTheDueDate() {
        given("11:00", new ActionItemEvent.Proposed(INCIDENT, null, "ACT-1", DETAILS, List.of()));
        given(
                "11:10",
                new ActionItemEvent.Revised(
                        INCIDENT,
                        new ActionItemDetails(
                                "t", null, null, LocalDate.parse("2026-12-24"), null, null, null, null, null),
                        List.of()));
        assertThat(item.dueDate()).isEqualTo(LocalDate.parse("2026-12-24"));
        assertThat(item.priority()).isNull();
        assertThat(item.status()).isEqualTo(ActionItemStatus.PROPOSED);
    }

    private void given(String occurredAt, PostmortemEvent event) {
        postmortem = PostmortemFact.evolve(postmortem, recorded(INCIDENT, ++version, at(occurredAt), event));
    }

    private void given(String occurredAt, ActionItemEvent event) {
        item = ActionItemFact.evolve(item, recorded(INCIDENT, ++version, at(occurredAt), event));
    }
}
