package dev.hindsight.incident.subscription;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.eventstore.StreamIds;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Tells subscriptions of what has become overdue: a postmortem whose draft is owed and not in review at its deadline, an open
 * action item on the day after its due date. No stream says so, as nothing has happened; so it is found by looking, and each is
 * told once for a deadline, whichever instance finds it. What nobody was subscribed to then is not told later.
 */
@ApplicationScoped
class OverdueNotices {

    static final String POSTMORTEM_OVERDUE = "hindsight.notice.postmortem-overdue.v1";
    static final String ITEM_OVERDUE = "hindsight.notice.action-item-overdue.v1";

    private static final Logger LOG = Logger.getLogger(OverdueNotices.class);
    private static final int LATE = 5000;
    private static final JsonMapper JSON = new JsonMapper();

    private static final String ITEMS = """
            with due as (
              select i.id, i.incident_id, i.reference, i.details from closure_item i
              where i.status in ('PROPOSED', 'ACCEPTED', 'IN_PROGRESS') and i.details ->> 'dueDate' < $1
              and not exists (select 1 from overdue_notice n where n.subject = i.id and n.due = i.details ->> 'dueDate')
            ), told as (
              insert into overdue_notice (subject, due) select id, details ->> 'dueDate' from due order by id
              on conflict do nothing returning subject
            )
            select due.* from due join told on told.subject = due.id order by due.id""";

    private static final String POSTMORTEMS = """
            with due as (
              select p.id, p.incident_id, p.draft_due_at, p.draft_due_at::text as due from closure_postmortem p
              where p.is_duty and p.is_reviewed is null and p.is_published is null and p.is_waived is null
              and p.draft_due_at < $1
              and not exists (select 1 from overdue_notice n where n.subject = p.id and n.due = p.draft_due_at::text)
            ), told as (
              insert into overdue_notice (subject, due) select id, due from due order by id
              on conflict do nothing returning subject
            )
            select due.* from due join told on told.subject = due.id order by due.id""";

    private final Pool pool;
    private final Outgoing outgoing;
    private final Dispatch dispatch;
    private final Vertx vertx;
    private final Clock clock;
    private final SubscriptionsConfig config;
    private long timer;

    OverdueNotices(
            Pool pool, Outgoing outgoing, Dispatch dispatch, Vertx vertx, Clock clock, SubscriptionsConfig config) {
        this.pool = pool;
        this.outgoing = outgoing;
        this.dispatch = dispatch;
        this.vertx = vertx;
        this.clock = clock;
        this.config = config;
    }

    void start(@Observes @Priority(LATE) StartupEvent event) {
        timer = vertx.setPeriodic(config.overdueEvery().toMillis(), now -> look(clock.instant())
                .subscribe()
                .with(
                        told -> {
                            if (told > 0) {
                                dispatch.wake();
                            }
                        },
                        failure -> LOG.warnf("what is overdue is told later: %s", failure.getMessage())));
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(timer);
    }

    /** Tells of what is overdue at that moment and was not told yet; how much that is. */
    Uni<Integer> look(Instant at) {
        Instant now = at.truncatedTo(ChronoUnit.MICROS);
        return pool.withTransaction(transaction -> notices(transaction, now)
                .chain(notices -> notices.isEmpty()
                        ? Uni.createFrom().item(0)
                        : outgoing.wishes(transaction)
                                .chain(wishes -> outgoing.keep(transaction, wishes, notices))
                                .replaceWith(notices.size())));
    }

    private static Uni<List<Taken>> notices(SqlConnection transaction, Instant now) {
        List<Taken> notices = new ArrayList<>();
        return transaction
                .preparedQuery(ITEMS)
                .execute(Tuple.of(LocalDate.ofInstant(now, ZoneOffset.UTC).toString()))
                .invoke(rows -> rows.forEach(row -> notices.add(item(row, now))))
                .chain(() -> transaction.preparedQuery(POSTMORTEMS).execute(Tuple.of(now.atOffset(ZoneOffset.UTC))))
                .map(rows -> {
                    rows.forEach(row -> notices.add(postmortem(row, now)));
                    return notices;
                });
    }

    private static Taken item(Row row, Instant now) {
        UUID incident = row.getUUID("incident_id");
        var details = row.getJsonObject("details");
        String due = details.getString("dueDate");
        ObjectNode data = JSON.createObjectNode()
                .put("incidentId", incident.toString())
                .put("actionItem", row.getUUID("id").toString())
                .put("reference", row.getString("reference"))
                .put("title", details.getString("title"))
                .put("dueDate", due)
                .put("priority", details.getString("priority"));
        Instant since =
                LocalDate.parse(due).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        return notice(ITEM_OVERDUE, row.getUUID("id"), incident, since, now, data);
    }

    private static Taken postmortem(Row row, Instant now) {
        UUID incident = row.getUUID("incident_id");
        Instant due = row.getOffsetDateTime("draft_due_at").toInstant();
        ObjectNode data = JSON.createObjectNode()
                .put("incidentId", incident.toString())
                .put("postmortem", row.getUUID("id").toString())
                .put("dueAt", due.toString());
        return notice(POSTMORTEM_OVERDUE, row.getUUID("id"), incident, due, now, data);
    }

    private static Taken notice(String type, UUID subject, UUID incident, Instant since, Instant now, ObjectNode data) {
        EventHeader header = new EventHeader(
                StreamIds.next(),
                type,
                subject,
                1,
                since,
                0,
                now,
                EventHeader.HINDSIGHT,
                EventHeader.FROM_AUTOMATION,
                null,
                null);
        return new Taken(header, incident, Payload.bytes(data), true, List.of(), null);
    }
}
