package dev.hindsight.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Milestones;
import dev.hindsight.contract.Vocabulary;
import dev.hindsight.eventstore.wire.EventCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PastIncidentTest {

    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final PastIncident.World WORLD =
            new PastIncident.World(List.of("a", "b", "c"), List.of(new UUID(0, 1), new UUID(0, 2)));

    private static List<IncidentEvent> facts(SeededHistory.Life life, int seed) {
        PastIncident incident = life.of(new UUID(7, seed), seed, WORLD, new Random(seed));
        List<IncidentEvent> facts = new ArrayList<>();
        while (!incident.isOver()) {
            facts.add(incident.next(BEGIN.plusSeconds(60L * facts.size())));
        }
        return facts;
    }

    @Test
    void everyFactIsReadAsItWasWritten() {
        for (int seed = 0; seed < 200; seed++) {
            for (IncidentEvent fact : facts(PastIncident::whole, seed)) {
                assertThat(EventCodec.decode(Vocabulary.wireNameOf(fact), EventCodec.encode(fact)))
                        .isEqualTo(fact);
            }
        }
    }

    @Test
    void anIncidentBeginsWithItsDeclarationAndEndsResolvedOrCanceled() {
        for (int seed = 0; seed < 200; seed++) {
            List<IncidentEvent> facts = facts(PastIncident::whole, seed);
            assertThat(facts.getFirst()).isInstanceOf(IncidentEvent.Declared.class);
            assertThat(facts.getLast().lifecycle().status())
                    .isIn(IncidentStatus.RESOLVED, IncidentStatus.CLOSED, IncidentStatus.CANCELED);
        }
    }

    @Test
    void milestonesStandInTheOrderInWhichTheyHappened() {
        for (int seed = 0; seed < 200; seed++) {
            IncidentEvent last = facts(PastIncident::whole, seed).getLast();
            Milestones milestones = last.lifecycle().milestones();
            assertThat(milestones.declared()).isEqualTo(BEGIN);
            if (milestones.resolved() != null) {
                assertThat(milestones.resolved()).isAfter(milestones.mitigated());
            }
            if (milestones.closed() != null) {
                assertThat(milestones.closed()).isAfter(milestones.resolved());
            }
        }
    }

    @Test
    void aBriefOneHasTwoToFourFacts() {
        for (int seed = 0; seed < 200; seed++) {
            assertThat(facts(PastIncident::brief, seed)).hasSizeBetween(2, 4);
        }
    }
}
