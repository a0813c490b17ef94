package dev.hindsight.eventstore.consume;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a consumer asks a topic's owner to send again, as JSON on the topic {@code hindsight-repairs}. */
sealed interface RepairRequest {

    /** Wire name of the topic, without the installation's prefix. */
    String topic();

    /** These versions of one stream, both included. */
    record OfStream(String topic, UUID streamId, long fromVersion, long toVersion) implements RepairRequest {}

    /**
     * What was published after one position, up to another, that one included.
     *
     * @param untilPosition the last one wanted; null up to the newest
     * @param partition only what belongs there; null for all
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record OfRange(
            String topic,
            long afterPosition,
            @Nullable Long untilPosition,
            @Nullable Integer partition) implements RepairRequest {}
}
