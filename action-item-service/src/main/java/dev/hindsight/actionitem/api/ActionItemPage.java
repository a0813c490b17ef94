package dev.hindsight.actionitem.api;

import dev.hindsight.conventions.paging.Page;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** One page of action items. */
@Schema(name = "ActionItemPage")
public record ActionItemPage(
        @Schema(required = true) List<ActionItemBody> items,

        @Schema(nullable = true, description = "Cursor of the next page; null on the last one.") @Nullable
        String next) {

    static ActionItemPage of(Page<ActionItemBody> page) {
        return new ActionItemPage(page.items(), page.next());
    }
}
