package dev.hindsight.conventions.testing;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;

/** Questions to a database that holds years of rows, for as long as one transaction lasts: nothing of it is committed. */
public final class SeededTransaction {

    private SeededTransaction() {}

    /**
     * How often PostgreSQL read one of the tables from end to end for each question, as it counts itself.
     *
     * @param seeds statements that fill the tables
     * @param ask asks within the session that it is called in
     */
    public static <Q> Map<String, Long> wholeReads(
            List<String> seeds, List<String> tables, Map<String, Q> questions, Function<Q, Uni<?>> ask)
            throws Throwable {
        return answers(seeds, questions, (session, question) -> scans(session, tables)
                .chain(before ->
                        ask.apply(question).chain(() -> scans(session, tables)).map(after -> after - before)));
    }

    /** What each question is answered, one after the other. */
    public static <Q, A> Map<String, A> answers(List<String> seeds, Map<String, Q> questions, Asking<Q, A> asking)
            throws Throwable {
        Map<String, A> answers = new LinkedHashMap<>();
        VertxContextSupport.subscribeAndAwait(
                () -> Panache.withTransaction(() -> Panache.getSession().chain(session -> each(
                                seeds, sql -> session.createNativeQuery(sql).executeUpdate())
                        .chain(() -> each(questions.entrySet(), question -> asking.ask(session, question.getValue())
                                .invoke(answer -> answers.put(question.getKey(), answer))))
                        .chain(() -> Panache.currentTransaction().invoke(Mutiny.Transaction::markForRollback)))));
        return answers;
    }

    /** Asks one question within a session. */
    public interface Asking<Q, A> {
        Uni<A> ask(Mutiny.Session session, Q question);
    }

    private static Uni<Long> scans(Mutiny.Session session, List<String> tables) {
        return session.createNativeQuery(
                        "select cast(sum(seq_scan) as bigint) from pg_stat_xact_user_tables where relname in (:tables)",
                        Long.class)
                .setParameter("tables", tables)
                .getSingleResult();
    }

    private static <T> Uni<Void> each(Iterable<T> items, Function<T, Uni<?>> work) {
        return Multi.createFrom()
                .iterable(items)
                .onItem()
                .transformToUniAndConcatenate(item -> work.apply(item).replaceWithVoid())
                .collect()
                .last()
                .replaceWithVoid();
    }
}
