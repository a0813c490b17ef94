package dev.hindsight.incident.domain;

import dev.hindsight.contract.IncidentEvent.Classified;
import dev.hindsight.contract.IncidentKind;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What people said of an incident beyond its declaration. Of each, what was said last in time counts, and stands above the
 * declaration and above what tools mention; null where nobody said anything.
 *
 * @param summary empty where it has none any more
 */
public record Classification(
        @Nullable Latest<String> title,
        @Nullable Latest<String> summary,
        @Nullable Latest<Boolean> customerFacing,
        @Nullable Latest<Boolean> security,
        @Nullable Latest<IncidentKind> kind) {

    static final Classification NONE = new Classification(null, null, null, null, null);

    /** These and what was said once more. */
    Classification with(Latest<Classified> said) {
        return new Classification(
                and(title, said, Classified::title),
                and(summary, said, Classified::summary),
                and(customerFacing, said, Classified::customerFacing),
                and(security, said, Classified::security),
                and(kind, said, Classified::kind));
    }

    private static <T> @Nullable Latest<T> and(
            @Nullable Latest<T> known, Latest<Classified> said, Function<Classified, @Nullable T> part) {
        T news = part.apply(said.value());
        return news == null
                ? known
                : Latest.of(known, new Latest<>(news, said.at(), said.sourceOrder(), said.version()));
    }
}
