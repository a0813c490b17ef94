package dev.hindsight.eventstore;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.IncidentEvent;
import dev.hindsight.contract.IncidentEvent.Closed;
import dev.hindsight.contract.IncidentEvent.MessagePosted;
import dev.hindsight.contract.IncidentEvent.Reopened;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Standing;
import dev.hindsight.contract.refusal.Refused;
import dev.hindsight.eventstore.CommandHandler.Plan;
import dev.hindsight.eventstore.EventStore.StreamAppend;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

/** The smallest domain that can refuse: lines are written until the book is closed or full. */
public record Notebook(List<Line> lines, boolean closed) {

    /** One line and when it was written. */
    public record Line(String text, Instant at) {}

    public static final int PAGES = 40;
    public static final Notebook EMPTY = new Notebook(List.of(), false);
    public static final Instant NOW = Instant.parse("2026-11-21T14:05:00.123456Z");
    public static final CommandContext CONTEXT = new CommandContext("somebody", "/api", NOW, null, null, null, null);
    static final InlineView VIEW =
            new InlineView("notebook_view", "id", InlineView.columns("id", "lines", "last"), new ObjectMapper());

    public static final Decider<Notebook, IncidentEvent> DECIDER = new Decider<>() {
        @Override
        public Notebook initial() {
            return EMPTY;
        }

        @Override
        public Notebook evolve(Notebook state, Recorded<IncidentEvent> fact) {
            return switch (fact.event()) {
                case MessagePosted posted ->
                    new Notebook(
                            Stream.concat(
                                            state.lines.stream(),
                                            Stream.of(new Line(
                                                    posted.text(), fact.header().occurredAt())))
                                    .toList(),
                            state.closed);
                case Closed closed -> new Notebook(state.lines, true);
                case Reopened reopened -> new Notebook(state.lines, false);
                default -> state;
            };
        }

        @Override
        public Class<IncidentEvent> vocabulary() {
            return IncidentEvent.class;
        }
    };

    public List<String> texts() {
        return lines.stream().map(Line::text).toList();
    }

    public static IncidentEvent line(String text) {
        return new MessagePosted(text, null, Standing.NONE);
    }

    public static NewEvent newLine(String text) {
        return NewEvent.of(line(text), NOW);
    }

    public static StreamAppend lines(UUID book, Loaded<Notebook> after, String... texts) {
        return new StreamAppend(
                book, book, after, Stream.of(texts).map(Notebook::newLine).toList());
    }

    public static Loaded<Notebook> nothing(UUID book) {
        return new Loaded<>(book, EMPTY, 0, Instant.EPOCH, HashChain.start());
    }

    public static StatementPart viewOf(UUID book, int lines, String last) {
        return VIEW.rows(List.of(Map.of("id", book.toString(), "lines", lines, "last", last)));
    }

    // --- commands

    public static Function<Map<UUID, Loaded<Notebook>>, Plan<Notebook>> write(UUID book, String text) {
        return write(book, text, NOW);
    }

    public static Function<Map<UUID, Loaded<Notebook>>, Plan<Notebook>> write(UUID book, String text, Instant at) {
        return states -> {
            Notebook state = states.get(book).state();
            if (state.closed) {
                throw Refused.because("CLOSED", "The notebook is closed.");
            }
            if (state.lines.size() >= PAGES) {
                throw Refused.because("FULL", "The notebook is full.");
            }
            return plan(book, List.of(NewEvent.of(line(text), at)));
        };
    }

    public static Function<Map<UUID, Loaded<Notebook>>, Plan<Notebook>> close(UUID book) {
        return states -> plan(
                book,
                states.get(book).state().closed
                        ? List.of()
                        : List.of(NewEvent.of(new Closed(null, null, Standing.NONE), NOW)));
    }

    public static Function<Map<UUID, Loaded<Notebook>>, Plan<Notebook>> reopen(UUID book) {
        return states -> plan(
                book,
                states.get(book).state().closed
                        ? List.of(NewEvent.of(new Reopened(null, null, Standing.NONE), NOW))
                        : List.of());
    }

    private static Plan<Notebook> plan(UUID book, List<NewEvent> events) {
        return CommandHandler.plan(book, book, events, Notebook::parts, Notebook::answer);
    }

    private static List<StatementPart> parts(Loaded<Notebook> after) {
        List<String> texts = new ArrayList<>(after.state().texts());
        return List.of(viewOf(after.streamId(), texts.size(), texts.isEmpty() ? "" : texts.getLast()));
    }

    /** No two answers are equal, so that an equal one was kept. */
    private static StoredAnswer answer(Loaded<Notebook> after) {
        String body =
                "{\"lines\":%d,\"nonce\":\"%s\"}".formatted(after.state().lines.size(), StreamIds.next());
        return new StoredAnswer(
                201,
                Long.toString(after.version()),
                "/notebooks/" + after.streamId(),
                after.streamId() + "@" + after.version(),
                body.getBytes(StandardCharsets.UTF_8));
    }

    // --- conditions of a command

    public static CommandContext expecting(long version) {
        return new CommandContext("somebody", EventHeader.FROM_API, NOW, version, null, null, null);
    }

    public static CommandContext withKey(String key, String body) {
        return new CommandContext(
                "somebody",
                EventHeader.FROM_API,
                NOW,
                null,
                new IdempotencyKey("subject", "POST", "/notebooks", key, body.getBytes(StandardCharsets.UTF_8)),
                null,
                null);
    }
}
