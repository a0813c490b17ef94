package dev.hindsight.incident.view;

import dev.hindsight.conventions.paging.Cursor;
import dev.hindsight.conventions.paging.Page;
import dev.hindsight.conventions.problem.NotFound;
import io.quarkus.hibernate.reactive.panache.PanacheQuery;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;

/** Reads who is told by webhooks, and what came of it. */
@ApplicationScoped
public class SubscriptionQueries {

    /** @throws NotFound as a failure, where there is none or it was deleted */
    @WithSession
    public Uni<SubscriptionView> subscription(UUID id) {
        return SubscriptionView.<SubscriptionView>find("id = ?1 and deletedAt is null", id)
                .firstResult()
                .onItem()
                .ifNull()
                .failWith(() -> new NotFound("subscription", id));
    }

    /** One page, by id, which is by creation. */
    @WithSession
    public Uni<Page<SubscriptionView>> subscriptions(int limit, Optional<Cursor> after) {
        PanacheQuery<SubscriptionView> query = after.map(cursor -> SubscriptionView.<SubscriptionView>find(
                        "deletedAt is null and id > ?1 order by id", cursor.uuid(0)))
                .orElseGet(() -> SubscriptionView.find("deletedAt is null order by id"));
        return query.range(0, limit).list().map(rows -> Page.of(rows, limit, row -> Cursor.of(row.id)));
    }

    /** One page of a subscription's attempts, newest first: by id, which is by time. */
    @WithSession
    public Uni<Page<OutboundAttemptView>> attempts(UUID subscription, int limit, Optional<Cursor> after) {
        PanacheQuery<OutboundAttemptView> query = after.map(cursor -> OutboundAttemptView.<OutboundAttemptView>find(
                        "subscriptionId = ?1 and id < ?2 order by id desc", subscription, cursor.uuid(0)))
                .orElseGet(() -> OutboundAttemptView.find("subscriptionId = ?1 order by id desc", subscription));
        return query.range(0, limit).list().map(rows -> Page.of(rows, limit, row -> Cursor.of(row.id)));
    }
}
