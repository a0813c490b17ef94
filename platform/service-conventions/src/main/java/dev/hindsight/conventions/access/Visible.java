package dev.hindsight.conventions.access;

import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The one condition of RESTRICTED, for each way in which queries are written here. It stands behind {@code and}, is empty for
 * admins, and costs one look into a small index for each row that is about to be shown.
 */
public final class Visible {

    private static final String PERSON = "readerPerson";
    private static final String SUBJECT = "readerSubject";

    // "offset 0": looked up for each row that comes so far, never made a join over all that is restricted. Measured
    // with
    // 1 M incidents, of them 100,000 restricted: 0.4 ms a page, where the join reads every restricted one first.
    private static final String TO_NOBODY =
            "not exists (select 1 from restricted_incident ri where ri.incident_id = %s offset 0)";

    private static final String TO_PARTICIPANTS = "not exists (select 1 from restricted_incident ri"
            + " where ri.incident_id = %1$s"
            + " and not exists (select 1 from participation pa where pa.incident_id = ri.incident_id"
            + " and (pa.person = %2$s or pa.person in (select ps.person from person_subject ps where ps.subject = %3$s))"
            + " offset 0)"
            + " and not exists (select 1 from item_participation ip where ip.incident_id = ri.incident_id"
            + " and (ip.person = %2$s or ip.person in (select ps.person from person_subject ps where ps.subject = %3$s))"
            + " offset 0) offset 0)";

    private Visible() {}

    /**
     * For SQL on the reactive client.
     *
     * @param incident the column with the incident's id, or with the Kafka key of an event
     * @param parameters of the statement so far; what the condition needs is added behind them
     */
    public static String sql(Reader reader, String incident, List<@Nullable Object> parameters) {
        return switch (reader) {
            case Reader.Admin _ -> "";
            case Reader.Machine _ -> " and " + TO_NOBODY.formatted(incident);
            case Reader.Person person -> {
                parameters.add(person.id());
                parameters.add(person.subject());
                int last = parameters.size();
                yield " and " + TO_PARTICIPANTS.formatted(incident, "$" + (last - 1), "$" + last);
            }
        };
    }

    /**
     * For HQL.
     *
     * @param incident the attribute with the incident's id, with its alias
     * @param parameters takes names and values
     */
    public static String hql(Reader reader, String incident, BiConsumer<String, Object> parameters) {
        return switch (reader) {
            case Reader.Admin _ -> "";
            case Reader.Machine _ ->
                " and cast(sql('" + TO_NOBODY.formatted("?") + "', " + incident + ") as Boolean) = true";
            case Reader.Person person -> {
                name(person, parameters);
                String two = ", :" + PERSON + ", :" + SUBJECT;
                yield " and cast(sql('" + TO_PARTICIPANTS.formatted("?", "?", "?") + "', " + incident + two + two
                        + ") as Boolean) = true";
            }
        };
    }

    private static void name(Reader.Person person, BiConsumer<String, Object> parameters) {
        parameters.accept(PERSON, person.id());
        parameters.accept(SUBJECT, person.subject());
    }
}
