package dev.hindsight.incident.application;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hindsight.contract.AccessEvent;
import dev.hindsight.contract.Recorded;
import dev.hindsight.conventions.problem.NotFound;
import dev.hindsight.conventions.security.token.ApiTokenSecret;
import dev.hindsight.conventions.security.token.ApiTokens;
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
import dev.hindsight.incident.domain.ApiToken;
import dev.hindsight.incident.domain.ApiTokenCommand;
import dev.hindsight.incident.view.ApiTokenRow;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The only write path of API tokens. */
@ApplicationScoped
public class ApiTokenHandler {

    private static final Logger LOG = Logger.getLogger(ApiTokenHandler.class);

    /** Tokens are issued and revoked rarely. */
    private static final int REMEMBERED = 100;

    static final Decider<ApiToken, AccessEvent> DECIDER = new Decider<>() {
        @Override
        public ApiToken initial() {
            return ApiToken.UNKNOWN;
        }

        @Override
        public ApiToken evolve(ApiToken state, Recorded<AccessEvent> fact) {
            return ApiToken.evolve(state, fact);
        }

        @Override
        public Class<AccessEvent> vocabulary() {
            return AccessEvent.class;
        }
    };

    private final CommandHandler<ApiToken, AccessEvent> handler;
    private final Catalog catalog;
    private final ApiTokens tokens;
    private final ApiTokenRow row;

    ApiTokenHandler(EventStore store, Catalog catalog, ApiTokens tokens, ObjectMapper json) {
        this.handler = new CommandHandler<>(store, DECIDER, REMEMBERED);
        this.catalog = catalog;
        this.tokens = tokens;
        this.row = new ApiTokenRow(json);
    }

    /** Issues a new one; of the secret only the digest is kept. */
    public Uni<Outcome<ApiToken>> issue(
            UUID id,
            String name,
            String role,
            ApiTokenSecret secret,
            Instant expiresAt,
            Learned learned,
            CommandContext context,
            Function<Loaded<ApiToken>, StoredAnswer> answer) {
        ApiTokenCommand.Issue command =
                new ApiTokenCommand.Issue(name, role, secret.sha256(), expiresAt, context.now());
        return handle(id, token -> command, learned, context, answer).invoke(outcome -> {
            if (!outcome.replayed()) {
                LOG.infof("API token %s is issued: %s, until %s", id, role, expiresAt);
            }
        });
    }

    /**
     * Revokes it: here it is refused at once, elsewhere as soon as the event is there.
     *
     * @throws NotFound as a failure, where none was issued
     */
    public Uni<Loaded<ApiToken>> revoke(UUID id, Learned learned, CommandContext context) {
        return handle(
                        id,
                        token -> {
                            if (token instanceof ApiToken.Unknown) {
                                throw new NotFound("API token", id);
                            }
                            return new ApiTokenCommand.Revoke();
                        },
                        learned,
                        context,
                        null)
                .map(outcome -> CommandHandler.only(outcome.states()))
                .invoke(after -> {
                    if (after.state() instanceof ApiToken.Revoked(ApiToken.Issued was, Instant revokedAt)) {
                        tokens.forget(was.secretSha256());
                        LOG.infof("API token %s is revoked", id);
                    }
                });
    }

    private Uni<Outcome<ApiToken>> handle(
            UUID id,
            Function<ApiToken, ApiTokenCommand> command,
            Learned learned,
            CommandContext context,
            @Nullable Function<Loaded<ApiToken>, StoredAnswer> answer) {
        return handler.handle(Set.of(id), context, states -> {
            ApiToken token = CommandHandler.only(states).state();
            List<NewEvent> events = ApiToken.decide(token, command.apply(token)).stream()
                    .map(event -> new NewEvent(StreamIds.next(), event, context.now(), 0))
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
                        parts.add(row.view().rows(ApiTokenRow.rows(after)));
                        parts.addAll(catalog.parts(learned, context));
                        return parts;
                    },
                    answer);
        });
    }
}
