package dev.hindsight.incident.application;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.contract.CalendarEvent;
import dev.hindsight.contract.CalendarEvent.Changed;
import dev.hindsight.contract.Recorded;
import dev.hindsight.eventstore.CommandContext;
import dev.hindsight.eventstore.CommandHandler;
import dev.hindsight.eventstore.CommandHandler.Outcome;
import dev.hindsight.eventstore.Decider;
import dev.hindsight.eventstore.EventStore;
import dev.hindsight.eventstore.Loaded;
import dev.hindsight.eventstore.NewEvent;
import dev.hindsight.eventstore.StatementPart;
import dev.hindsight.eventstore.StoredAnswer;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.domain.Calendar;
import dev.hindsight.incident.view.CalendarRow;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The only write path of calendars. */
@ApplicationScoped
public class CalendarHandler {

    private static final int REMEMBERED = 100;

    static final Decider<Calendar, CalendarEvent> DECIDER = new Decider<>() {
        @Override
        public Calendar initial() {
            return Calendar.UNKNOWN;
        }

        @Override
        public Calendar evolve(Calendar state, Recorded<CalendarEvent> fact) {
            return Calendar.evolve(state, fact.event());
        }

        @Override
        public Class<CalendarEvent> vocabulary() {
            return CalendarEvent.class;
        }
    };

    private final CommandHandler<Calendar, CalendarEvent> handler;
    private final Catalog catalog;
    private final CalendarRow row;

    CalendarHandler(EventStore store, Catalog catalog, ObjectMapper json) {
        this.handler = new CommandHandler<>(store, DECIDER, REMEMBERED);
        this.catalog = catalog;
        this.row = new CalendarRow(json);
    }

    /** The stream of a team's calendar; null: of the house's. */
    public static UUID streamOf(@Nullable UUID team) {
        return StreamIds.calendar(team);
    }

    /** Goes by this from now on. */
    public Uni<Outcome<Calendar>> change(
            Changed wanted, Learned learned, CommandContext context, Function<Loaded<Calendar>, StoredAnswer> answer) {
        UUID id = streamOf(wanted.team());
        return handler.handle(Set.of(id), context, states -> {
            List<NewEvent> events = Calendar.decide(CommandHandler.only(states).state(), wanted).stream()
                    .map(event -> NewEvent.of(event, context.now()))
                    .toList();
            return CommandHandler.plan(
                    id,
                    id,
                    events,
                    after -> {
                        if (events.isEmpty()) {
                            return List.of();
                        }
                        List<StatementPart> parts = new ArrayList<>();
                        parts.add(row.view().rows(CalendarRow.rows(after)));
                        parts.addAll(catalog.parts(learned, context));
                        return parts;
                    },
                    answer);
        });
    }
}
