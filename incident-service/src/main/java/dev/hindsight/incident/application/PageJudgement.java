package dev.hindsight.incident.application;

import dev.hindsight.incident.domain.IncidentCommand;
import dev.hindsight.incident.domain.IncidentCommand.Observe;
import dev.hindsight.incident.domain.IncidentCommand.Page;
import dev.hindsight.incident.domain.Signal;
import dev.hindsight.incident.view.CalendarQueries;
import dev.hindsight.incident.view.CalendarQueries.Judge;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Judges pages as after hours or not, by the calendars in force when they are recorded; nothing else costs a look. */
@ApplicationScoped
class PageJudgement {

    private static final Judge NONE = (person, at) -> Optional.empty();

    private final CalendarQueries calendars;

    PageJudgement(CalendarQueries calendars) {
        this.calendars = calendars;
    }

    /** Of those whom the commands tell of as paged. */
    Uni<Judge> judge(Collection<? extends IncidentCommand> commands) {
        Set<UUID> people = new HashSet<>();
        for (IncidentCommand command : commands) {
            if (command instanceof Page page) {
                people.add(page.person());
            } else if (command instanceof Observe fact && fact.signal() instanceof Signal.Paged paged) {
                people.add(paged.person());
            }
        }
        return people.isEmpty() ? Uni.createFrom().item(NONE) : calendars.judge(people);
    }

    /** The command, with the judgement where it tells of a page. */
    static IncidentCommand judged(IncidentCommand command, Judge judge) {
        return command instanceof Page page
                ? new Page(
                        page.person(),
                        page.channel(),
                        judge.isAfterHours(page.person(), page.occurredAt()).orElse(null),
                        page.occurredAt())
                : command;
    }

    /** The fact, with the judgement where it tells of a page. */
    static Observe judged(Observe fact, Judge judge) {
        return fact.signal() instanceof Signal.Paged paged
                ? fact.telling(new Signal.Paged(
                        paged.person(),
                        paged.channel(),
                        judge.isAfterHours(paged.person(), fact.occurredAt()).orElse(null),
                        paged.observed()))
                : fact;
    }
}
