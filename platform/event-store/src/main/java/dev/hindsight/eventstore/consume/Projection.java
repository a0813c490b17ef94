package dev.hindsight.eventstore.consume;

import dev.hindsight.contract.DomainEvent;
import dev.hindsight.contract.Recorded;
import dev.hindsight.contract.Topic;
import dev.hindsight.eventstore.ViewTable;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.List;
import java.util.Set;

/**
 * A view that grows from consumed events. It sets and never adds, does not depend on how streams interleave, and compares
 * no versions: {@link OrderedApply} hands every event of a stream over once, in order, in the transaction that also notes
 * it as applied.
 */
public interface Projection {

    /** Its name in {@code applied}, in logs and in the API; never changed. */
    String name();

    /** The topics that it grows from. */
    Set<Topic> topics();

    /**
     * Every table that it writes, without a schema in any of its statements: a rebuild runs it on tables of the same names
     * beside these, and puts them in their place. None where it writes none.
     */
    List<ViewTable> tables();

    /**
     * Writes what these events mean. A failure that is not the database's own is taken for a defect of this projection or
     * of the event, which is then parked.
     *
     * @param transaction commits or rolls back with the note that they were applied
     * @param events in order within each stream; never {@link dev.hindsight.contract.Unknown}
     */
    Uni<Void> apply(SqlConnection transaction, List<Recorded<DomainEvent>> events);
}
