package dev.hindsight.eventstore;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One more write that commits together with the events, as a data-modifying CTE of the same statement.
 *
 * @param name of the CTE
 * @param sql with {@code $1 … $k} for its own parameters; the same text for the same kind of write, so that it is prepared
 *     once
 */
public record StatementPart(String name, String sql, List<@Nullable Object> parameters) {}
