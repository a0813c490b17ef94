package dev.hindsight.conventions.security.token;

import dev.hindsight.contract.AccessEvent.ApiTokenIssued;
import dev.hindsight.contract.AccessEvent.ApiTokenRevoked;
import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.ViewTable;
import dev.hindsight.eventstore.consume.Projection;
import io.quarkus.arc.properties.UnlessBuildProperty;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** The tokens that the incident-service issued and revoked. There it is the service's own view, written with the events. */
@ApplicationScoped
@UnlessBuildProperty(
        name = "hindsight.event-store.topic",
        stringValue = ApiTokenProjection.OWNER,
        enableIfMissing = true)
public class ApiTokenProjection implements Projection {

    static final String OWNER = "incident-events";

    @Override
    public String name() {
        return "api-tokens";
    }

    @Override
    public Set<Topic> topics() {
        return Set.of(Topic.INCIDENT_EVENTS);
    }

    @Override
    public List<ViewTable> tables() {
        return List.of(ViewTable.of("api_token"));
    }

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<Recorded<DomainEvent>> events) {
        Uni<Void> work = Uni.createFrom().voidItem();
        for (Recorded<DomainEvent> recorded : events) {
            EventHeader header = recorded.header();
            switch (recorded.event()) {
                case ApiTokenIssued issued -> work = work.chain(() -> write(transaction, header, issued));
                case ApiTokenRevoked revoked -> work = work.chain(() -> revoke(transaction, header));
                default -> {}
            }
        }
        return work;
    }

    private static Uni<Void> write(SqlConnection transaction, EventHeader header, ApiTokenIssued issued) {
        return transaction
                .preparedQuery("""
                        insert into api_token (id, name, role, secret_sha256, created_by, created_at, expires_at, version)
                        values ($1, $2, $3, $4, $5, $6, $7, $8)
                        on conflict (id) do update set name = excluded.name, role = excluded.role,
                          secret_sha256 = excluded.secret_sha256, created_by = excluded.created_by,
                          created_at = excluded.created_at, expires_at = excluded.expires_at, revoked_at = null,
                          version = excluded.version""")
                .execute(Tuple.from(List.of(
                        header.streamId(),
                        issued.name(),
                        issued.role(),
                        Buffer.buffer(HexFormat.of().parseHex(issued.secretSha256())),
                        header.actor(),
                        header.occurredAt().atOffset(ZoneOffset.UTC),
                        issued.expiresAt().atOffset(ZoneOffset.UTC),
                        header.sequence())))
                .replaceWithVoid();
    }

    private static Uni<Void> revoke(SqlConnection transaction, EventHeader header) {
        return transaction
                .preparedQuery("update api_token set revoked_at = $2, version = $3 where id = $1")
                .execute(Tuple.of(header.streamId(), header.occurredAt().atOffset(ZoneOffset.UTC), header.sequence()))
                .replaceWithVoid();
    }
}
