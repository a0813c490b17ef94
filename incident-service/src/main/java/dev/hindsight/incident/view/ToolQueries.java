package dev.hindsight.incident.view;

import dev.hindsight.conventions.paging.Cursor;
import dev.hindsight.conventions.paging.Page;
import dev.hindsight.conventions.problem.NotFound;
import dev.hindsight.incident.domain.CatalogEntry.Kind;
import io.quarkus.hibernate.reactive.panache.PanacheQuery;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.panache.common.Parameters;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads what connects tools: integrations, deliveries, and the catalog that grows from them. */
@ApplicationScoped
public class ToolQueries {

    /** @throws NotFound as a failure, where there is none or it was deleted */
    @WithSession
    public Uni<IntegrationView> integration(UUID id) {
        return IntegrationView.<IntegrationView>find("id = ?1 and deletedAt is null", id)
                .firstResult()
                .onItem()
                .ifNull()
                .failWith(() -> new NotFound("integration", id));
    }

    /** One page, by id, which is by creation. */
    @WithSession
    public Uni<Page<IntegrationView>> integrations(int limit, Optional<Cursor> after) {
        PanacheQuery<IntegrationView> query = after.map(cursor -> IntegrationView.<IntegrationView>find(
                        "deletedAt is null and id > ?1 order by id", cursor.uuid(0)))
                .orElseGet(() -> IntegrationView.find("deletedAt is null order by id"));
        return query.range(0, limit).list().map(rows -> Page.of(rows, limit, row -> Cursor.of(row.id)));
    }

    /** @throws NotFound as a failure */
    @WithSession
    public Uni<DeliveryView> delivery(UUID id) {
        return DeliveryView.<DeliveryView>findById(id).onItem().ifNull().failWith(() -> new NotFound("delivery", id));
    }

    /** One page of deliveries, newest first. */
    @WithSession
    public Uni<Page<DeliveryView>> deliveries(
            @Nullable UUID integration, @Nullable String outcome, int limit, Optional<Cursor> after) {
        StringBuilder where = new StringBuilder("true = true");
        Parameters parameters = new Parameters();
        if (integration != null) {
            where.append(" and integrationId = :integration");
            parameters.and("integration", integration);
        }
        if (outcome != null) {
            where.append(" and outcome = :outcome");
            parameters.and("outcome", outcome);
        }
        after.ifPresent(cursor -> {
            where.append(" and (receivedAt < :time or receivedAt = :time and id < :id)");
            parameters.and("time", cursor.instant(0)).and("id", cursor.uuid(1));
        });
        return DeliveryView.<DeliveryView>find(where + " order by receivedAt desc, id desc", parameters)
                .range(0, limit)
                .list()
                .map(rows -> Page.of(rows, limit, row -> Cursor.of(row.receivedAt, row.id)));
    }

    /** @throws NotFound as a failure, where the catalog knows none of that kind */
    @WithSession
    public Uni<CatalogEntryView> catalogEntry(Kind kind, UUID id) {
        return CatalogEntryView.<CatalogEntryView>find("id = ?1 and kind = ?2", id, kind.name())
                .firstResult()
                .onItem()
                .ifNull()
                .failWith(() -> new NotFound(kind.name().toLowerCase(Locale.ROOT), id));
    }

    /** The entries that are merged into one of these, by id. */
    @WithSession
    public Uni<List<CatalogEntryView>> duplicates(Set<UUID> entries) {
        return entries.isEmpty()
                ? Uni.createFrom().item(List.of())
                : CatalogEntryView.list("mergedInto in ?1 order by id", entries);
    }

    /** The ids of all entries that are the same as this one: what it is merged into, and what else is. */
    @WithSession
    public Uni<List<UUID>> same(Kind kind, UUID id) {
        return catalogEntry(kind, id)
                .map(entry -> entry.mergedInto == null ? id : entry.mergedInto)
                .chain(whole ->
                        CatalogEntryView.<CatalogEntryView>list("id = ?1 or mergedInto = ?1 order by id", whole))
                .map(entries -> entries.stream().map(entry -> entry.id).toList());
    }

    /** One page of the catalog's entries of a kind, by name. */
    @WithSession
    public Uni<Page<CatalogEntryView>> catalog(Kind kind, int limit, Optional<Cursor> after) {
        StringBuilder where = new StringBuilder("kind = :kind");
        Parameters parameters = Parameters.with("kind", kind.name());
        after.ifPresent(cursor -> {
            where.append(" and (name > :name or name = :name and id > :id)");
            parameters.and("name", cursor.text(0)).and("id", cursor.uuid(1));
        });
        return CatalogEntryView.<CatalogEntryView>find(where + " order by name, id", parameters)
                .range(0, limit)
                .list()
                .map(rows -> Page.of(rows, limit, row -> Cursor.of(row.name, row.id)));
    }
}
