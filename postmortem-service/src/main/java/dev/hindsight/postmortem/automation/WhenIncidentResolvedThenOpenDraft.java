package dev.hindsight.postmortem.automation;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.Milestones;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.Automation;
import dev.hindsight.eventstore.CommandContext;
import dev.hindsight.postmortem.application.PostmortemHandler;
import dev.hindsight.postmortem.domain.PostmortemCommand.OpenDraft;
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
 * follows from the incident's id, so there is one draft however often this is called.
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
        return recorded.event() instanceof IncidentEvent event
                        && event.lifecycle().status().isOver()
                ? open(recorded.header(), event)
                : Uni.createFrom().voidItem();
    }

    private Uni<Void> open(EventHeader header, IncidentEvent event) {
        UUID incidentId = header.streamId();
        return requirements.of(incidentId).chain(found -> {
            Known known = found.orElseThrow(
                    () -> new IllegalStateException("incident " + incidentId + " is not projected; retry when it is"));
            RequirementFacts facts = resolved(known.facts(), header, event);
            if (facts.kind() != IncidentKind.REAL || facts.imported()) {
                return Uni.createFrom().voidItem();
            }
            return handler.open(
                    CommandContext.automation(clock.instant().truncatedTo(ChronoUnit.MICROS), header.traceparent()),
                    new OpenDraft(
                            incidentId,
                            known.owner(),
                            resolvedAt(header, event),
                            RequirementPolicy.FIRST.decide(facts)));
        });
    }

    /** The row may be further than the event: an incident that is open again was nevertheless resolved then. */
    private static RequirementFacts resolved(RequirementFacts facts, EventHeader header, IncidentEvent event) {
        return facts.resolvedAt() != null
                ? facts
                : new RequirementFacts(
                        facts.severity(),
                        facts.customerFacing(),
                        facts.security(),
                        facts.impact(),
                        facts.pages(),
                        facts.pagesAfterHours(),
                        facts.repeatOf(),
                        facts.kind(),
                        facts.imported(),
                        resolvedAt(header, event),
                        header.recordedAt());
    }

    private static Instant resolvedAt(EventHeader header, IncidentEvent event) {
        Milestones milestones = event.lifecycle().milestones();
        if (milestones.resolved() != null) {
            return milestones.resolved();
        }
        return milestones.closed() != null ? milestones.closed() : header.occurredAt();
    }
}
