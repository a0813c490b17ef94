package dev.hindsight.postmortem.automation;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.Milestones;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.CommandContext;
import dev.hindsight.eventstore.consume.Automation;
import dev.hindsight.postmortem.application.PostmortemHandler;
import dev.hindsight.postmortem.domain.PostmortemCommand.DecideRequirement;
import dev.hindsight.postmortem.domain.PostmortemCommand.OpenDraft;
import dev.hindsight.postmortem.domain.Requirement;
import dev.hindsight.postmortem.domain.RequirementFacts;
import dev.hindsight.postmortem.domain.RequirementPolicy;
import dev.hindsight.postmortem.view.RequirementQuery;
import dev.hindsight.postmortem.view.RequirementQuery.Known;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.UUID;

/**
 * A real incident that is over gets a draft at once (seed 004: "when you type /inc resolve, the timeline is already
 * built"). Whether it is over is what the event's lifecycle says, not the event's type: alerts resolve incidents, too.
 * Facts that arrive after the resolution bring the draft's owner and requirement up to date; the stream of the draft
 * follows from the incident's id, so there is one draft however often this is called. Where an incident with a draft is
 * reopened, merged or canceled, its duty is withdrawn; the next resolution brings it back.
 */
@ApplicationScoped
public class WhenIncidentResolvedThenOpenDraft implements Automation {

    private final RequirementQuery requirements;
    private final PostmortemHandler handler;
    private final Clock clock;

    WhenIncidentResolvedThenOpenDraft(RequirementQuery requirements, PostmortemHandler handler, Clock clock) {
        this.requirements = requirements;
        this.handler = handler;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "when-incident-resolved-then-open-draft";
    }

    @Override
    public Set<Topic> topics() {
        return Set.of(Topic.INCIDENT_EVENTS);
    }

    @Override
    public Uni<Void> react(Recorded<DomainEvent> recorded) {
        EventHeader header = recorded.header();
        // The past obliges nobody, and there are many thousands of it at once: not even asked about.
        if (!(recorded.event() instanceof IncidentEvent event) || header.isImported()) {
            return Uni.createFrom().voidItem();
        }
        UUID incidentId = header.streamId();
        return requirements
                .drafted(incidentId)
                .chain(drafted -> drafted || event.lifecycle().status().isOver()
                        ? known(incidentId).chain(known -> answer(header, event, known, drafted))
                        : Uni.createFrom().voidItem());
    }

    private Uni<Void> answer(EventHeader header, IncidentEvent event, Known known, boolean drafted) {
        UUID incidentId = header.streamId();
        // The row may be further than the event; what it says decides, so that the last event's answer is the last one.
        RequirementFacts facts = known.facts();
        Requirement requirement = RequirementPolicy.FIRST.decide(facts);
        boolean opens = event.lifecycle().status().isOver() && facts.kind() == IncidentKind.REAL && !facts.imported();
        if (!opens && !drafted) {
            return Uni.createFrom().voidItem();
        }
        return handler.byItself(
                incidentId,
                CommandContext.automation(clock.instant().truncatedTo(ChronoUnit.MICROS), header.traceparent()),
                opens
                        ? new OpenDraft(incidentId, known.owner(), resolvedAt(header, event), requirement)
                        : new DecideRequirement(requirement));
    }

    private Uni<Known> known(UUID incidentId) {
        return requirements
                .of(incidentId)
                .map(found -> found.orElseThrow(() ->
                        new IllegalStateException("incident " + incidentId + " is not projected; retry when it is")));
    }

    private static Instant resolvedAt(EventHeader header, IncidentEvent event) {
        Milestones milestones = event.lifecycle().milestones();
        if (milestones.resolved() != null) {
            return milestones.resolved();
        }
        return milestones.closed() != null ? milestones.closed() : header.occurredAt();
    }
}
