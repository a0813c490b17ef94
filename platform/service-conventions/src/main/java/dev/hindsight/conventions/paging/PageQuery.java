package dev.hindsight.conventions.paging;

import dev.hindsight.conventions.http.NumberParam;
import jakarta.ws.rs.QueryParam;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/** The two parameters of every list; take it as {@code @BeanParam}. */
public class PageQuery {

    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 250;

    @QueryParam("limit")
    @Parameter(
            description = "How many items a page has.",
            schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "250", defaultValue = "50"))
    @Nullable
    String limit;

    @QueryParam("cursor")
    @Parameter(description = "The `next` of the page before; none for the first.")
    @Nullable
    String cursor;

    /** 1 to 250, 50 when not given. */
    public int limit() {
        return (int) NumberParam.parse("limit", limit, 1, MAX_LIMIT, DEFAULT_LIMIT);
    }

    /**
     * Where the page begins; empty for the first.
     *
     * @param size how many sort values the list has
     */
    public Optional<Cursor> cursor(int size) {
        return Optional.ofNullable(cursor).map(given -> Cursor.parse(given, size));
    }
}
