package dev.hindsight.eventstore.rebuild;

import java.sql.Connection;
import java.sql.SQLException;

/** Where a view's events come from, and how its new tables take the place of the live ones without losing any. */
interface Source extends AutoCloseable {

    /** Fills the shadow with all that there was when it began. */
    void load() throws SQLException, InterruptedException;

    /** Takes over what came meanwhile, until hardly anything is left. */
    void catchUp() throws SQLException, InterruptedException;

    /**
     * With the live writing held: takes over the rest and moves the tables, in one transaction that also ends the rebuild.
     *
     * @param connection in auto-commit, and so afterwards
     * @return false where somebody read for too long, or too much had come: the live view goes on, and it is to be tried
     *     again after {@link #catchUp}
     */
    boolean swap(Connection connection) throws SQLException, InterruptedException;

    @Override
    void close();
}
