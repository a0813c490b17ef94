package dev.hindsight.eventstore;

import io.vertx.core.VertxException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;

/** Tells trouble of the database or the broker, which passes, from a defect, which does not. */
public final class Transience {

    private Transience() {}

    /** Whether the same work may well succeed later, without anybody mending anything in Hindsight. */
    public static boolean isTransient(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PgException pg) {
                return isTransient(pg.getSqlState()) || isOfAForgottenStatement(pg);
            }
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return isTransient(sql.getSQLState());
            }
            if (cause instanceof IOException
                    || cause instanceof TimeoutException
                    || cause instanceof VertxException
                    || cause instanceof KafkaException
                    || cause instanceof Contended
                    // Written by a newer version: this instance waits for its own update.
                    || cause instanceof StreamUnreadable
                    || isWithoutConnection(cause)) {
                return true;
            }
            if (cause.getCause() == cause) {
                break;
            }
        }
        return false;
    }

    /** The driver has no type for these: it fails with a text, as it does for parameters of a wrong type. */
    private static boolean isWithoutConnection(Throwable failure) {
        String text = String.valueOf(failure.getMessage());
        return failure instanceof NoStackTraceThrowable
                && (text.startsWith("Connection is not active now")
                        || text.startsWith("Pending requests failed to be sent"));
    }

    /** Tables were exchanged under a prepared statement, or a pooler in between lost it: prepared anew it works. */
    private static boolean isOfAForgottenStatement(PgException failure) {
        return failure.getSqlState().equals("26000")
                || failure.getSqlState().equals("0A000")
                        && String.valueOf(failure.getMessage()).contains("cached plan must not change result type");
    }

    /** Connection, authentication and grants (a password is being rotated), transaction rollback, resources, operator intervention, system error, read-only standby. */
    private static boolean isTransient(String sqlState) {
        return sqlState.startsWith("08")
                || sqlState.startsWith("28")
                || sqlState.startsWith("3D")
                || sqlState.equals("42501")
                || sqlState.startsWith("40")
                || sqlState.startsWith("53")
                || sqlState.startsWith("57")
                || sqlState.startsWith("58")
                || sqlState.startsWith("55")
                || sqlState.equals("25006");
    }
}
