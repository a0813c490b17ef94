package dev.hindsight.eventstore;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Settings of the event store of one service. */
@ConfigMapping(prefix = "hindsight.event-store")
public interface EventStoreConfig {

    /** Topic that this service's events are published to, such as {@code incident-events}; none for a pure reader. */
    Optional<String> topic();

    /** Put before every topic's name, so that several installations can share a broker. */
    @WithDefault("")
    Optional<String> topicPrefix();

    /** Partitions of a topic that is created; more than ever are needed at once, as they cannot be changed later. */
    @WithDefault("6")
    int partitions();

    /** Copies of each partition; 3 on a real cluster. */
    @WithDefault("1")
    short replication();

    /** How many events the relay publishes in one round. */
    @WithDefault("1000")
    int relayBatch();

    /** How many bytes of data the relay holds in memory for one round; a larger event goes alone. */
    @WithDefault("4194304")
    int relayBatchBytes();

    /** Least time between the beginnings of two small rounds: what arrives meanwhile is published by the later one. */
    @WithDefault("10ms")
    Duration relayGather();

    /** The same on a busy machine, where rounds take long. */
    @WithDefault("50ms")
    Duration relayGatherAtMost();

    /** How long the relay sleeps when nobody wakes it; a second at most. */
    @WithDefault("250ms")
    Duration relayPoll();

    /** Least time between the beginnings of two small rounds of applying: what arrives meanwhile comes with the later one. */
    @WithDefault("25ms")
    Duration consumerGather();

    /** The same on a busy machine, where rounds take long. */
    @WithDefault("120ms")
    Duration consumerGatherAtMost();

    /** So many records are worth a round of applying of their own, whenever they come; no more are read ahead. */
    @WithDefault("250")
    int consumerLarge();

    /** How many appends are on their way to the database at once; those that come meanwhile share the next statement. */
    @WithDefault("4")
    int appendsAtOnce();

    /** How many states of recent streams are kept in memory. */
    @WithDefault("10000")
    int remembered();

    /** How long an Idempotency-Key's answer is kept. */
    @WithDefault("7d")
    Duration idempotencyRetention();

    /** How long an event waits for an earlier one of its stream before the stream's owner is asked to send that again. */
    @WithDefault("30s")
    Duration repairAfter();

    /** How long at most until the same is asked again; the pauses double up to this. */
    @WithDefault("1h")
    Duration repairAtLeastEvery();

    /** How often consumers look whether topics were made anew, records were lost, or parked events can go on. */
    @WithDefault("5s")
    Duration watchEvery();
}
