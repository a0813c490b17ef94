package dev.hindsight.conventions.operations;

import dev.hindsight.eventstore.StreamVerification.Broken;
import dev.hindsight.eventstore.StreamVerification.Fault;
import dev.hindsight.eventstore.StreamVerification.Verified;
import java.util.HexFormat;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Whether a stream is as it was recorded. */
@Schema(name = "StreamVerification")
public record VerificationAnswer(
        UUID streamId,

        @Schema(
                description =
                        "How many events are as they were recorded; where it is not intact, those before the fault.")
        long events,

        boolean intact,

        @Nullable @Schema(description = "Null where it is intact. Nothing can be said of what comes after it.")
        FirstBroken firstBroken,

        @Schema(
                description =
                        "Hash of the last event that is as it was recorded, hex. Somebody who can write to the database"
                                + " can compute every hash anew from some event on; whoever keeps this one elsewhere, with `events`"
                                + " as its version, can tell.")
        String headHash) {

    static final String INTACT = """
            {"streamId": "0198c0de-0000-7000-8000-000000000001", "events": 12, "intact": true, "firstBroken": null,
             "headHash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}""";

    static final String BROKEN = """
            {"streamId": "0198c0de-0000-7000-8000-000000000001", "events": 3, "intact": false,
             "firstBroken": {"version": 4, "fault": "CHANGED",
               "expected": "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
               "found": "fd61a03af4f77d870fc21e05e7e80678095c92d808cfb3b5c279ee04c74aca13"},
             "headHash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}""";

    /** The first link that does not hold. */
    @Schema(name = "BrokenLink")
    public record FirstBroken(
            long version,

            @Schema(
                    description =
                            "MISSING: a later event is there, or it was published. CHANGED: it is not as recorded.")
            Fault fault,

            @Nullable
            @Schema(description = "The hash that follows from the event before and this one; null where MISSING.")
            String expected,

            @Nullable @Schema(description = "The hash that is stored; null where MISSING.")
            String found) {}

    static VerificationAnswer of(Verified verified) {
        Broken broken = verified.firstBroken();
        return new VerificationAnswer(
                verified.streamId(),
                verified.events(),
                verified.isIntact(),
                broken == null
                        ? null
                        : new FirstBroken(
                                broken.version(), broken.fault(), hex(broken.expected()), hex(broken.found())),
                HexFormat.of().formatHex(verified.head()));
    }

    private static @Nullable String hex(byte @Nullable [] hash) {
        return hash == null ? null : HexFormat.of().formatHex(hash);
    }
}
