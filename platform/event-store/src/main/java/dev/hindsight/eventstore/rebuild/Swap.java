package dev.hindsight.eventstore.rebuild;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** One attempt to put the new tables in the place of the live ones. */
final class Swap {

    /**
     * So long it waits for those who read, and so long others wait behind it at most. Less than the server's
     * {@code deadlock_timeout} (1 s), so that it is never a reader who has to give way.
     */
    private static final String PATIENCE = "set local lock_timeout = '250ms'";

    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String DEADLOCK = "40P01";

    private Swap() {}

    interface Work {
        /** False to leave everything as it was. */
        boolean run() throws SQLException, InterruptedException;
    }

    /**
     * Locks the live tables and does the work, in one transaction.
     *
     * @return false where nothing was changed, because somebody read for too long or the work said so
     */
    static boolean attempt(Connection connection, Shadow shadow, Work work) throws SQLException, InterruptedException {
        connection.setAutoCommit(false);
        boolean done = false;
        try {
            try (Statement statement = connection.createStatement()) {
                statement.execute(PATIENCE);
            }
            shadow.lockLive(connection);
            if (work.run()) {
                connection.commit();
                done = true;
            }
            return done;
        } catch (SQLException e) {
            if (isTooLate(e)) {
                return false;
            }
            throw e;
        } finally {
            if (!done) {
                connection.rollback();
            }
            connection.setAutoCommit(true);
        }
    }

    /** A lock was not to be had in time. */
    static boolean isTooLate(SQLException e) {
        return LOCK_NOT_AVAILABLE.equals(e.getSQLState()) || DEADLOCK.equals(e.getSQLState());
    }
}
