package dev.hindsight.bench;

import dev.hindsight.contract.CatalogEvent;
import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.Vocabulary;
import dev.hindsight.eventstore.HashChain;
import dev.hindsight.eventstore.wire.EventCodec;
import dev.hindsight.local.Service;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.LongPredicate;

/**
 * Years of incidents, put into incident-service's event store by COPY: the bytes that the contract's own codec makes, chained
 * as the database would have chained them, and published as far as the store knows. What grows from them is left to rebuilds
 * and to republication, which the product has for that.
 *
 * <p>They count as imported, so that nothing is begun because of them. Many incidents go on at once, so that neighbours in
 * time belong to different streams. All of it is over a month old: a broker takes nothing that is said to come from the
 * future. The same seed gives the same history.
 */
final class SeededHistory {
    private static final String SOURCE = "/imports/bench";
    private static final int AT_ONCE = 64;
    private static final int PEOPLE = 60;
    private static final int SERVICES = 200;

    /** How one incident goes. */
    interface Life {
        PastIncident of(UUID id, long number, PastIncident.World world, Random random);
    }

    /** What was put in. */
    record Seeded(long incidents, long events, double seconds) {}

    private final Random random;
    private final boolean catalogIsKnown;
    private final BinaryRows events;
    private final BinaryRows published;
    private final long microsEach;

    private Instant now;
    private long position;
    private long count;

    private SeededHistory(Connection store, Connection log, Instant from, Duration each, long seed)
            throws SQLException {
        this.random = new Random(seed);
        this.catalogIsKnown =
                Bench.number(store, "select count(*) from event where stream_id = '" + person(0) + "'") > 0;
        this.now = from.truncatedTo(ChronoUnit.MICROS);
        this.microsEach = each.toNanos() / 1_000;
        this.position = (long) Bench.number(store, "select coalesce(max(position), 0) from published");
        this.events = new BinaryRows(
                store,
                "event",
                "stream_id",
                "version",
                "id",
                "key_id",
                "type",
                "occurred_at",
                "source_order",
                "recorded_at",
                "actor",
                "source",
                "data",
                "hash");
        this.published = new BinaryRows(log, "published", "position", "stream_id", "version");
    }

    /** So many events, or a few more, in incidents that people worked on; over one year. */
    static Seeded events(Bench bench, long wanted) throws SQLException, IOException, InterruptedException {
        Duration year = Duration.ofDays(365);
        return seed(
                bench,
                Instant.now().minus(year.plusDays(35)),
                year.dividedBy(wanted),
                1,
                PastIncident::whole,
                begun -> begun < wanted / 17);
    }

    /** So many incidents, each with hardly more than its beginning and its end; over two years. */
    static Seeded incidents(Bench bench, long wanted) throws SQLException, IOException, InterruptedException {
        Duration years = Duration.ofDays(730);
        return seed(
                bench,
                Instant.now().minus(years.plusDays(35)),
                years.dividedBy(wanted * 27 / 10),
                2,
                PastIncident::brief,
                begun -> begun < wanted);
    }

    /** The names of the services, those with the most incidents first. */
    static String service(int place) {
        return "bench-service-" + place;
    }

    /** Of a person of the history. */
    static UUID person(int place) {
        return named("person/" + place);
    }

    static int people() {
        return PEOPLE;
    }

    static int services() {
        return SERVICES;
    }

    private static UUID named(String name) {
        return UUID.nameUUIDFromBytes(("hindsight-bench/" + name).getBytes(StandardCharsets.UTF_8));
    }

    private static Seeded seed(Bench bench, Instant from, Duration each, long seed, Life life, LongPredicate more)
            throws SQLException, IOException, InterruptedException {
        long begin = System.nanoTime();
        // The relay's leader knows its position by heart: nobody publishes while rows are put beside it.
        bench.start();
        long first;
        try (Connection connection = bench.database(Service.INCIDENT)) {
            first = 1 + (long) Bench.number(connection, "select last_value from incident_number");
        }
        Seeded seeded;
        try (Connection store = bench.database(Service.INCIDENT);
                Connection log = bench.database(Service.INCIDENT)) {
            SeededHistory history = new SeededHistory(store, log, from, each, seed);
            try {
                long incidents = history.write(life, more, first);
                history.events.end();
                history.published.end();
                seeded = new Seeded(incidents, history.count, (System.nanoTime() - begin) / 1e9);
            } finally {
                history.events.giveUp();
                history.published.giveUp();
            }
            try (Statement statement = store.createStatement()) {
                statement.execute("select setval('incident_number', " + (first + seeded.incidents()) + ")");
                statement.execute("vacuum analyze event");
                statement.execute("vacuum analyze published");
            }
        }
        bench.detail(
                "seeded %d events of %d incidents in %.0f s", seeded.events(), seeded.incidents(), seeded.seconds());
        bench.stop();
        bench.start();
        return seeded;
    }

    private long write(Life life, LongPredicate more, long first) throws SQLException {
        PastIncident.World world = world();
        List<Stream> ongoing = new ArrayList<>();
        long begun = 0;
        while (true) {
            while (ongoing.size() < AT_ONCE && more.test(begun)) {
                ongoing.add(new Stream(life.of(id(now), first + begun, world, random)));
                begun++;
            }
            if (ongoing.isEmpty()) {
                return begun;
            }
            int which = random.nextInt(ongoing.size());
            Stream next = ongoing.get(which);
            now = now.plus(1 + random.nextLong(2 * microsEach), ChronoUnit.MICROS);
            next.append(next.incident.actor().toString(), next.incident.next(now));
            if (next.incident.isOver()) {
                ongoing.set(which, ongoing.getLast());
                ongoing.removeLast();
            }
        }
    }

    /** Each service and person has a stream of its own in the catalog. */
    private PastIncident.World world() throws SQLException {
        List<String> services = new ArrayList<>();
        List<UUID> people = new ArrayList<>();
        for (int i = 0; i < SERVICES; i++) {
            services.add(service(i));
            if (!catalogIsKnown) {
                learn(named("service/" + i), new CatalogEvent.ServiceLearned(service(i), null, null, null));
            }
        }
        for (int i = 0; i < PEOPLE; i++) {
            people.add(person(i));
            if (!catalogIsKnown) {
                learn(person(i), new CatalogEvent.PersonLearned("Responder " + i, "bench", "responder-" + i));
            }
        }
        return new PastIncident.World(services, people);
    }

    private void learn(UUID id, CatalogEvent event) throws SQLException {
        append(id, 1, HashChain.start(), EventHeader.HINDSIGHT, event);
    }

    /** As UUIDv7: neighbours in time are neighbours in the index. */
    private UUID id(Instant at) {
        return new UUID(
                at.toEpochMilli() << 16 | 0x7000 | random.nextInt(0x1000),
                random.nextLong() >>> 2 | 0x8000000000000000L);
    }

    private final class Stream {
        private final PastIncident incident;
        private long version;
        private byte[] hash = HashChain.start();

        Stream(PastIncident incident) {
            this.incident = incident;
        }

        void append(String actor, DomainEvent event) throws SQLException {
            version++;
            hash = SeededHistory.this.append(incident.id, version, hash, actor, event);
        }
    }

    private byte[] append(UUID stream, long version, byte[] previous, String actor, DomainEvent event)
            throws SQLException {
        String type = Vocabulary.wireNameOf(event);
        EventHeader header = new EventHeader(id(now), type, stream, version, now, 0, now, actor, SOURCE, null, null);
        byte[] data = EventCodec.encode(event);
        byte[] hash = HashChain.next(previous, header, stream, data);
        events.row(12)
                .add(stream)
                .add(version)
                .add(header.id())
                .add(stream)
                .add(type)
                .add(now)
                .add(0)
                .add(now)
                .add(actor)
                .add(SOURCE)
                .add(data)
                .add(hash);
        position++;
        count++;
        published.row(3).add(position).add(stream).add(version);
        return hash;
    }
}
