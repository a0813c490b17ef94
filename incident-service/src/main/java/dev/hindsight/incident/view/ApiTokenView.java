package dev.hindsight.incident.view;

import dev.hindsight.conventions.paging.Cursor;
import dev.hindsight.conventions.paging.Page;
import dev.hindsight.conventions.problem.NotFound;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.quarkus.hibernate.reactive.panache.PanacheQuery;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** An API token, without anything of its secret. */
@Entity
@Immutable
@Table(name = "api_token")
@SuppressWarnings("NullAway.Init")
public class ApiTokenView extends PanacheEntityBase {

    @Id
    public UUID id;

    public String name;
    public String role;

    @Column(name = "created_by")
    public String createdBy;

    @Column(name = "created_at")
    public Instant createdAt;

    @Column(name = "expires_at")
    public Instant expiresAt;

    @Column(name = "revoked_at")
    public @Nullable Instant revokedAt;

    public long version;

    /** Reads them. */
    @ApplicationScoped
    public static class Queries {

        /** @throws NotFound as a failure */
        @WithSession
        public Uni<ApiTokenView> byId(UUID id) {
            return ApiTokenView.<ApiTokenView>findById(id)
                    .onItem()
                    .ifNull()
                    .failWith(() -> new NotFound("API token", id));
        }

        /** One page of all that were ever issued, newest first: ids are ordered by time. */
        @WithSession
        public Uni<Page<ApiTokenView>> list(int limit, Optional<Cursor> after) {
            PanacheQuery<ApiTokenView> query = after.map(
                            cursor -> ApiTokenView.<ApiTokenView>find("id < ?1 order by id desc", cursor.uuid(0)))
                    .orElseGet(() -> ApiTokenView.find("order by id desc"));
            return query.range(0, limit).list().map(rows -> Page.of(rows, limit, row -> Cursor.of(row.id)));
        }
    }
}
