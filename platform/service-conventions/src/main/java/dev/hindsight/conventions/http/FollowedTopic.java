package dev.hindsight.conventions.http;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.ViewTable;
import dev.hindsight.eventstore.consume.Projection;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.List;
import java.util.Set;

/**
 * Follows a topic that the service shows nothing of, only to know how far it is: a position says which stream it is of, and
 * not of which topic, so a service that did not follow the topic could not tell "shows nothing of it" from "not there yet",
 * and {@link HindsightAfter} would answer 503 for ever. Subclass it as a bean, and give it a channel.
 */
public abstract class FollowedTopic implements Projection {

    private final Topic topic;

    protected FollowedTopic(Topic topic) {
        this.topic = topic;
    }

    @Override
    public String name() {
        return "positions-of-" + topic.wireName();
    }

    @Override
    public Set<Topic> topics() {
        return Set.of(topic);
    }

    @Override
    public List<ViewTable> tables() {
        return List.of();
    }

    /** That they were applied is all that there is to know. */
    @Override
    public Uni<Void> apply(SqlConnection transaction, List<Recorded<DomainEvent>> events) {
        return Uni.createFrom().voidItem();
    }
}
