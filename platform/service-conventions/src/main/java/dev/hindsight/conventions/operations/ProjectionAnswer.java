package dev.hindsight.conventions.operations;

import dev.hindsight.eventstore.ViewTable;
import dev.hindsight.eventstore.rebuild.RebuildStatus;
import dev.hindsight.eventstore.rebuild.Rebuilds;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A view of this service, and how it stands. */
@Schema(name = "Projection")
record ProjectionAnswer(
        @Schema(examples = "timelines") String name,

        @Schema(description = "That it grows from; none where it is written with the service's own events.")
        List<String> topics,

        @Schema(description = "Whether it is written with the service's own events.")
        boolean ownEvents,

        List<Table> tables,

        @Schema(description = "It met events of a newer version; after the update it is complete again by a rebuild.")
        boolean rebuildNeeded,

        @Schema(description = "The type of such an event.") @Nullable
        String unknownType,

        @Schema(description = "The newest one; null where there was none.") @Nullable
        RebuildStatus rebuild) {

    /** One of its tables. */
    @Schema(name = "ProjectionTable")
    record Table(
            String name,

            @Schema(description = "Columns that a rebuild may fill with other values.")
            List<String> nonDeterministic) {}

    static ProjectionAnswer of(Rebuilds.Standing standing) {
        Rebuilds.Described view = standing.view();
        return new ProjectionAnswer(
                view.name(),
                view.topics().stream().map(topic -> topic.wireName()).sorted().toList(),
                view.ofOwnEvents(),
                view.tables().stream().map(ProjectionAnswer::table).toList(),
                standing.unknownType() != null,
                standing.unknownType(),
                standing.rebuild());
    }

    private static Table table(ViewTable table) {
        return new Table(
                table.name(), table.nonDeterministic().stream().sorted().toList());
    }
}
