package dev.hindsight.incident.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Visibility;
import dev.hindsight.contract.Vocabulary;
import dev.hindsight.contract.refusal.Refused;
import dev.hindsight.incident.domain.Incident.NewFact;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Given facts, when commanded, then these facts or that refusal. */
final class IncidentSpec {

    static final Instant T0 = Instant.parse("2026-11-20T10:00:00Z");

    static final UUID SOMEBODY = new UUID(0, 7);

    private Incident incident = Incident.UNKNOWN;
    private List<NewFact> decided = List.of();
    private RuntimeException refusal;

    static Instant minute(int minutes) {
        return T0.plusSeconds(60L * minutes);
    }

    /** Customers cannot check out; said at minute 0. */
    static IncidentCommand.Declare checkoutFails(Severity severity) {
        return checkoutFails(severity, null, null);
    }

    static IncidentCommand.Declare checkoutFails(
            Severity severity, @Nullable Instant impactStarted, @Nullable Instant detected) {
        return new IncidentCommand.Declare(
                "INC-1",
                "Checkout fails",
                severity,
                List.of("checkout"),
                null,
                true,
                false,
                IncidentKind.REAL,
                Visibility.INTERNAL,
                Set.of(),
                null,
                impactStarted,
                detected,
                minute(0));
    }

    static IncidentSpec given(IncidentCommand... history) {
        IncidentSpec spec = new IncidentSpec();
        for (IncidentCommand command : history) {
            spec.when(command);
            assertThat(spec.refusal).as("history must be legal: " + command).isNull();
        }
        return spec;
    }

    IncidentSpec when(IncidentCommand command) {
        refusal = null;
        try {
            decided = Incident.decide(incident, command, SOMEBODY);
        } catch (Refused e) {
            decided = List.of();
            refusal = e;
        }
        for (NewFact fact : decided) {
            incident = Incident.evolve(incident, recorded(fact, incident.version() + 1));
            assertThat(fact.event().standing())
                    .as("what the event carries is what it leads to")
                    .isEqualTo(incident.standing());
        }
        return this;
    }

    @SafeVarargs
    final IncidentSpec then(Class<? extends IncidentEvent>... types) {
        assertThat(refusal).isNull();
        assertThat(decided)
                .extracting(fact -> (Object) fact.event().getClass())
                .containsExactlyElementsOf(Arrays.asList(types));
        return this;
    }

    IncidentSpec saying(Consumer<IncidentEvent> check) {
        check.accept(decided.getFirst().event());
        return this;
    }

    IncidentSpec thenNothing() {
        assertThat(refusal).isNull();
        assertThat(decided).isEmpty();
        return this;
    }

    IncidentSpec thenRefused(String code) {
        assertThatThrownBy(() -> {
                    if (refusal != null) {
                        throw refusal;
                    }
                })
                .isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.reasons())
                        .extracting(Refused.Reason::code)
                        .containsExactly(code));
        return this;
    }

    IncidentSpec and(Consumer<Incident> check) {
        check.accept(incident);
        return this;
    }

    Incident incident() {
        return incident;
    }

    private static Recorded<IncidentEvent> recorded(NewFact fact, long version) {
        return new Recorded<>(
                new EventHeader(
                        fact.factId() == null ? UUID.randomUUID() : fact.factId(),
                        Vocabulary.wireNameOf(fact.event()),
                        new UUID(0, 1),
                        version,
                        fact.occurredAt(),
                        fact.sourceOrder(),
                        T0.plusSeconds(version),
                        fact.person() == null
                                ? EventHeader.HINDSIGHT
                                : fact.person().toString(),
                        EventHeader.FROM_API,
                        null,
                        null),
                fact.event());
    }
}
