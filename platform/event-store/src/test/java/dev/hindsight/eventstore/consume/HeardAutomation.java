package dev.hindsight.eventstore.consume;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Topic;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongFunction;

/** Remembers every call, and meets the trouble that a test has laid for it. */
@Singleton
public class HeardAutomation implements Automation {

    public static final String NAME = "heard";

    public final Map<UUID, List<Long>> heard = new ConcurrentHashMap<>();

    /** Given the version that was heard. */
    public final Map<UUID, LongFunction<Uni<Void>>> troubles = new ConcurrentHashMap<>();

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<Topic> topics() {
        return Set.of(Topic.POSTMORTEM_EVENTS);
    }

    @Override
    public Uni<Void> react(Recorded<DomainEvent> event) {
        UUID stream = event.header().streamId();
        heard.computeIfAbsent(stream, id -> new CopyOnWriteArrayList<>())
                .add(event.header().sequence());
        LongFunction<Uni<Void>> trouble = troubles.get(stream);
        return trouble == null
                ? Uni.createFrom().voidItem()
                : trouble.apply(event.header().sequence());
    }
}
