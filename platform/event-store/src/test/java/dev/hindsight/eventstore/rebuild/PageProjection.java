package dev.hindsight.eventstore.rebuild;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.IncidentEvent.MessagePosted;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.ViewTable;
import dev.hindsight.eventstore.consume.Projection;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Grows from a topic that no other test uses; everything in it but the running number follows from the events. */
@Singleton
public class PageProjection implements Projection {

    static final String NAME = "pages";
    /** A line that it cannot bear, as long as it is told to. */
    static final String UNBEARABLE = "unbearable";

    static final ViewTable PAGE = ViewTable.of("page");
    static final ViewTable LINE = ViewTable.of("page_line").nonDeterministic("number");

    volatile boolean delicate;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<Topic> topics() {
        return Set.of(Topic.ACTION_ITEM_EVENTS);
    }

    @Override
    public List<ViewTable> tables() {
        return List.of(PAGE, LINE);
    }

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<Recorded<DomainEvent>> events) {
        List<Recorded<DomainEvent>> lines = events.stream()
                .filter(event -> event.event() instanceof MessagePosted)
                .toList();
        if (delicate && lines.stream().anyMatch(line -> text(line).equals(UNBEARABLE))) {
            return Uni.createFrom().failure(new IllegalStateException("cannot bear it"));
        }
        UUID[] pages = lines.stream().map(line -> line.header().streamId()).toArray(UUID[]::new);
        Long[] versions = lines.stream().map(line -> line.header().sequence()).toArray(Long[]::new);
        String[] texts = lines.stream().map(PageProjection::text).toArray(String[]::new);
        return transaction
                .preparedQuery("insert into page_line (page_id, version, text)"
                        + " select * from unnest($1::uuid[], $2::bigint[], $3::text[])")
                .execute(Tuple.of(pages, versions, texts))
                .chain(() ->
                        transaction.preparedQuery("""
                        insert into page (id, lines, last)
                        select page_id, count(*), (array_agg(text order by version desc))[1] from page_line
                        where page_id = any ($1) group by page_id order by page_id
                        on conflict (id) do update set lines = excluded.lines, last = excluded.last""").execute(Tuple.tuple().addArrayOfUUID(pages)))
                .replaceWithVoid();
    }

    private static String text(Recorded<DomainEvent> line) {
        return ((MessagePosted) line.event()).text();
    }
}
