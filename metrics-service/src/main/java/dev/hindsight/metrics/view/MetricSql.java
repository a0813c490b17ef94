package dev.hindsight.metrics.view;

import static java.util.stream.Collectors.joining;

import dev.hindsight.contract.ActionItemStatus;
import dev.hindsight.contract.DeployState;
import dev.hindsight.contract.Severity;
import dev.hindsight.conventions.catalog.OfCatalog;
import dev.hindsight.metrics.domain.Exclusion;
import dev.hindsight.metrics.domain.Figure;
import dev.hindsight.metrics.domain.Grouping;
import dev.hindsight.metrics.domain.Measure;
import dev.hindsight.metrics.domain.MetricDefinition;
import dev.hindsight.metrics.domain.Moment;
import dev.hindsight.metrics.domain.Question;
import dev.hindsight.metrics.domain.Span;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A definition and a question as one statement: one row for the total (key null) and one for each group. Its text is made of
 * constants only; what the client sent are parameters.
 *
 * <p>{@code amount} is numeric, so that a mean does not depend on the order in which rows are added up.
 */
record MetricSql(String text, List<Object> parameters) {

    static MetricSql of(MetricDefinition metric, Question question) {
        List<Object> parameters = new ArrayList<>();
        String asOf = question.asOf() == null
                ? null
                : parameter(parameters, question.asOf().atOffset(ZoneOffset.UTC));
        Measure measure = metric.measure();
        String rows = isOfPages(measure)
                ? pages(metric, asOf, question, parameters)
                : "measured as (select " + ofEach(measure) + ", i.services, i.placed_at, " + amount(metric)
                        + " as amount, "
                        + excluded(measure) + " as excluded from " + tables(measure, asOf, question, parameters)
                        + " where " + known("i", asOf) + conditions(measure, question, parameters) + ")";
        Grouping by = question.groupBy();
        String text = "with " + rows + called(by) + " select k.key, "
                + (by == Grouping.PERSON ? "case when k.key is not null then max(m.name) end" : "null::text")
                + " as name, min(m.placed_at) as earliest, max(m.placed_at) as latest, " + statistics(metric)
                + " from measured m" + (isByCatalog(by) ? " left join called c on c.services = m.services" : "")
                + " cross join lateral (select null::text as key" + keys(by) + ") k group by k.key";
        return new MetricSql(text, List.copyOf(parameters));
    }

    /** The calendars as they stand, by their id. */
    static MetricSql calendars(Question question) {
        List<Object> parameters = new ArrayList<>();
        String asOf = question.asOf() == null
                ? null
                : parameter(parameters, question.asOf().atOffset(ZoneOffset.UTC));
        return new MetricSql(
                "select k.calendar_id, k.team_id, k.time_zone, k.shift_starts, k.shift_lengths from calendar_fact k where "
                        + known("k", asOf),
                List.copyOf(parameters));
    }

    // ------------------------------------------------------------------------------------------- which rows

    /** What figures and groups look at, beside services, time and amount. */
    private static String ofEach(Measure measure) {
        return isOfDeploys(measure) ? "v.confirmed" : "i.severity, i.reopenings";
    }

    private static boolean isOfDeploys(Measure measure) {
        return measure instanceof Measure.ShareOfDeploysLinked;
    }

    static boolean isOfPages(Measure measure) {
        return measure instanceof Measure.PagesPerShift;
    }

    private static boolean isByCatalog(@Nullable Grouping groupBy) {
        return groupBy == Grouping.SERVICE || groupBy == Grouping.TEAM;
    }

    /**
     * Each list of services that occurs, and the names under which it counts: looked up once for all that have the same list, by
     * the catalog as it is now.
     */
    private static String called(@Nullable Grouping groupBy) {
        if (!isByCatalog(groupBy)) {
            return "";
        }
        return ", called as (select t.services, array_agg(distinct "
                + (groupBy == Grouping.SERVICE
                        ? "coalesce(n.name, btrim(s.name)))"
                        : "n.team) filter (where n.team is not null)")
                + " as keys from (select distinct services from measured) t cross join lateral unnest(t.services) s(name)"
                + " left join service_names() n on n.key = lower(btrim(s.name)) group by t.services)";
    }

    /**
     * Pages, the calendars that those who were paged go by, and the shift in which each page fell. People and teams that are
     * merged are what they really are; the team's own calendar comes before those of teams that are merged into it, and both
     * before that of the house.
     */
    private static String pages(
            MetricDefinition metric, @Nullable String asOf, Question question, List<Object> parameters) {
        return "page as (select p.person, p.after_hours, p.paged_at as placed_at, i.severity, i.services"
                + " from page_fact p join incident_fact i on i.incident_id = p.incident_id where " + known("i", asOf)
                + (asOf == null ? "" : " and p.recorded_at <= " + asOf)
                + conditions(metric.measure(), question, parameters)
                + "), responder as (select n.person, coalesce(e.merged_into, n.person) as self, w.name, c.calendar_id, c.time_zone,"
                + " c.shift_starts, c.shift_lengths from (select distinct person from page) n"
                + " left join catalog_entry e on e.id = n.person"
                + " left join catalog_entry w on w.id = coalesce(e.merged_into, e.id)"
                + " left join catalog_entry t on t.id = w.team_id"
                + " left join lateral (select k.* from calendar_fact k left join catalog_entry o on o.id = k.team_id where "
                + known("k", asOf)
                + " and (k.team_id is null or coalesce(o.merged_into, k.team_id) = coalesce(t.merged_into, w.team_id))"
                + " order by k.team_id is null, o.merged_into is not null, k.team_id limit 1) c on true),"
                + " measured as (select p.severity, p.services, p.placed_at, p.after_hours, r.self, r.name, r.calendar_id, s.number,"
                + " s.began, " + amount(metric) + " as amount, " + excluded(metric.measure())
                + " as excluded from page p join responder r on r.person = p.person left join lateral ("
                + "select o.number, date_trunc('minute', l.at) - make_interval(mins => f.since) as began"
                + " from (select p.placed_at at time zone r.time_zone as at) l"
                + " cross join lateral (select (extract(isodow from l.at)::int - 1) * 1440 + extract(hour from l.at)::int * 60"
                + " + extract(minute from l.at)::int as minute) w"
                + " cross join lateral unnest(r.shift_starts, r.shift_lengths) with ordinality o(starts, lasts, number)"
                + " cross join lateral (select (w.minute - o.starts + 10080) % 10080 as since) f"
                + " where f.since < o.lasts order by o.number limit 1) s on true)";
    }

    /** Without an incident that counts there is no row, and {@code confirmed} is null. */
    private static String deploys(@Nullable String asOf, Question question, List<Object> parameters) {
        String severity = question.severity() == null
                ? ""
                : " and x.severity = "
                        + parameter(parameters, question.severity().name());
        return "deploy_fact i left join lateral (select bool_or(l.confirmed @> array[i.deploy_id]) as confirmed"
                + " from deploy_links_fact l join incident_fact x on x.incident_id = l.incident_id and "
                + known("x", asOf) + " and x.counts" + severity
                + " where l.linked @> array[i.deploy_id] and " + known("l", asOf) + ") v on true";
    }

    private static String tables(Measure measure, @Nullable String asOf, Question question, List<Object> parameters) {
        if (isOfDeploys(measure)) {
            return deploys(asOf, question, parameters);
        }
        String joined =
                switch (measure) {
                    case Measure.LengthOf(Span span)
                    when of(span).anyMatch(MetricSql::isOfPostmortem) ->
                        " left join postmortem_fact p on p.incident_id = i.incident_id and " + known("p", asOf);
                    case Measure.LengthOf l -> "";
                    case Measure.NumberOfIncidents n -> "";
                    case Measure.ShareOfDeploysLinked d -> "";
                    case Measure.PagesPerShift p -> "";
                    case Measure.ShareOfItemsClosed s ->
                        " join action_item_fact a on a.incident_id = i.incident_id and " + known("a", asOf);
                };
        return "incident_fact i" + joined;
    }

    private static String known(String table, @Nullable String asOf) {
        return asOf == null
                ? table + ".superseded_at = 'infinity'"
                : "%1$s.recorded_at <= %2$s and %1$s.superseded_at > %2$s".formatted(table, asOf);
    }

    /** Only what was asked, so that the planner sees what it can use an index for. */
    private static String conditions(Measure measure, Question question, List<Object> parameters) {
        StringBuilder conditions = new StringBuilder(isOfDeploys(measure) ? "" : " and i.counts");
        String placedAt = isOfPages(measure) ? "p.paged_at" : "i.placed_at";
        if (question.from() != null) {
            conditions
                    .append(" and ")
                    .append(placedAt)
                    .append(" >= ")
                    .append(parameter(parameters, question.from().atOffset(ZoneOffset.UTC)));
        }
        if (question.to() != null) {
            conditions
                    .append(" and ")
                    .append(placedAt)
                    .append(" < ")
                    .append(parameter(parameters, question.to().atOffset(ZoneOffset.UTC)));
        }
        if (question.service() != null) {
            conditions
                    .append(" and ")
                    .append(OfCatalog.isService("i.services", parameter(parameters, question.service())));
        }
        if (question.team() != null) {
            conditions.append(" and ").append(OfCatalog.isOfTeam("i.services", parameter(parameters, question.team())));
        }
        if (question.severity() != null && !isOfDeploys(measure)) {
            conditions
                    .append(" and i.severity = ")
                    .append(parameter(parameters, question.severity().name()));
        }
        return conditions.toString();
    }

    private static String parameter(List<Object> parameters, Object value) {
        parameters.add(value);
        return "$" + parameters.size();
    }

    // ------------------------------------------------------------------------------- what each row adds

    private static String amount(MetricDefinition metric) {
        return switch (metric.measure()) {
            case Measure.LengthOf(Span span) ->
                "extract(epoch from %s - %s) / %d"
                        .formatted(
                                column(span.end()), start(span), metric.unit().inSeconds());
            case Measure.ShareOfItemsClosed s ->
                "case when a.status in (" + statuses(ActionItemStatus::isClosed) + ") then 1.0 else 0.0 end";
            case Measure.ShareOfDeploysLinked d -> "case when v.confirmed is null then 0.0 else 1.0 end";
            case Measure.NumberOfIncidents n -> "1.0";
            case Measure.PagesPerShift p -> "1.0";
        };
    }

    private static String excluded(Measure measure) {
        String undeclared = "when i.declared_at is null then " + literal(Exclusion.MISSING_DECLARED);
        return switch (measure) {
            case Measure.LengthOf(Span span) ->
                "case %s when %s is null then %s when %s is null then %s when %s < %s then %s end"
                        .formatted(
                                undeclared,
                                start(span),
                                literal(span.withoutStart()),
                                column(span.end()),
                                literal(span.withoutEnd()),
                                column(span.end()),
                                start(span),
                                literal(Exclusion.CROSSED));
            case Measure.ShareOfItemsClosed s ->
                "case %s when a.status = '%s' then %s end"
                        .formatted(undeclared, ActionItemStatus.CANCELED, literal(Exclusion.CANCELED));
            case Measure.ShareOfDeploysLinked d ->
                "case when not i.production then %s when i.state = '%s' then %s when i.state in ('%s', '%s') then %s end"
                        .formatted(
                                literal(Exclusion.NOT_PRODUCTION),
                                DeployState.CANCELED,
                                literal(Exclusion.CANCELED),
                                DeployState.PENDING,
                                DeployState.RUNNING,
                                literal(Exclusion.NOT_FINISHED));
            case Measure.NumberOfIncidents n -> "case " + undeclared + " end";
            case Measure.PagesPerShift p -> "case when s.number is null then " + literal(Exclusion.NO_SHIFT) + " end";
        };
    }

    /** {@code least} passes over what is not known. */
    private static String start(Span span) {
        return span.starts().stream().map(MetricSql::column).collect(joining(", ", "least(", ")"));
    }

    private static String column(Moment moment) {
        return switch (moment) {
            case FIRST_ALERT -> "i.first_alert_at";
            case FIRST_PAGE -> "i.first_page_at";
            case IMPACT_STARTED -> "i.impact_started_at";
            case DETECTED -> "i.detected_at";
            case DECLARED -> "i.declared_at";
            case ACKNOWLEDGED -> "i.acknowledged_at";
            case MITIGATED -> "i.mitigated_at";
            case RESOLVED -> "i.resolved_at";
            case WRITTEN_UP_RESOLUTION ->
                "case when i.resolved_at is null or i.resolved_at > p.published_at then p.resolved_at"
                        + " else i.resolved_at end";
            case PUBLISHED -> "p.published_at";
        };
    }

    private static boolean isOfPostmortem(Moment moment) {
        return moment == Moment.WRITTEN_UP_RESOLUTION || moment == Moment.PUBLISHED;
    }

    private static Stream<Moment> of(Span span) {
        return Stream.concat(span.starts().stream(), Stream.of(span.end()));
    }

    // ------------------------------------------------------------------------------------ what is asked of them

    private static String statistics(MetricDefinition metric) {
        List<String> columns = new ArrayList<>();
        columns.add("count(*) filter (where m.excluded is null) as n");
        if (isOfPages(metric.measure())) {
            columns.add("array_agg(distinct m.calendar_id) filter (where m.excluded is null) as calendars");
        }
        columns.add("(avg(m.amount) filter (where m.excluded is null))::float8 as mean");
        if (metric.measure() instanceof Measure.LengthOf) {
            columns.add(percentile(0.5, "m.excluded is null") + " as median");
            columns.add(percentile(0.9, "m.excluded is null") + " as p90");
        }
        for (Figure figure : metric.figures()) {
            columns.add(value(figure) + " as " + valueColumn(figure));
            columns.add(n(figure) + " as " + nColumn(figure));
        }
        for (Exclusion exclusion : metric.exclusions()) {
            columns.add("count(*) filter (where m.excluded = %s) as %s"
                    .formatted(literal(exclusion), excludedColumn(exclusion)));
        }
        return String.join(", ", columns);
    }

    private static String value(Figure figure) {
        return switch (figure) {
            case MTTR_MEDIAN_MAJOR -> percentile(0.5, "m.excluded is null and " + major());
            case MTTR_MEAN_ALL -> "(avg(m.amount) filter (where m.excluded is null))::float8";
            case REOPENINGS -> "coalesce(sum(m.reopenings) filter (where m.excluded is null), 0)::float8";
            case SHARE_WITHIN_48H ->
                "(avg(case when m.amount <= %d then 1.0 else 0.0 end) filter (where m.excluded is null))::float8"
                        .formatted(Figure.TARGET_HOURS);
            case CLOSED -> "coalesce(sum(m.amount) filter (where m.excluded is null), 0)::float8";
            case CANCELED -> "(count(*) filter (where m.excluded = %s))::float8".formatted(literal(Exclusion.CANCELED));
            case CONFIRMED -> "(count(*) filter (where m.excluded is null and m.confirmed))::float8";
            case SUSPECTED -> "(count(*) filter (where m.excluded is null and not m.confirmed))::float8";
            case PAGES -> "count(*)::float8";
            case AFTER_HOURS -> "(count(*) filter (where m.after_hours))::float8";
            // Filled in by whoever knows the calendars.
            case SHIFTS -> "0::float8";
            case SHIFTS_PAGED ->
                "(count(distinct (m.calendar_id, m.number, m.began)) filter (where m.excluded is null))::float8";
        };
    }

    private static String n(Figure figure) {
        return switch (figure) {
            case MTTR_MEDIAN_MAJOR -> "count(*) filter (where m.excluded is null and " + major() + ")";
            case PAGES -> "count(*)";
            case AFTER_HOURS -> "count(*) filter (where m.after_hours is not null)";
            case MTTR_MEAN_ALL, SHARE_WITHIN_48H, CLOSED, CONFIRMED, SUSPECTED, SHIFTS, SHIFTS_PAGED ->
                "count(*) filter (where m.excluded is null)";
            case REOPENINGS -> "count(*) filter (where m.excluded is null and m.reopenings > 0)";
            case CANCELED ->
                "count(*) filter (where m.excluded is null or m.excluded = %s)".formatted(literal(Exclusion.CANCELED));
        };
    }

    private static String percentile(double share, String of) {
        return "percentile_cont(" + share + ") within group (order by m.amount::float8) filter (where " + of + ")";
    }

    private static String major() {
        return "m.severity in ("
                + Arrays.stream(Severity.values())
                        .filter(Severity::isMajor)
                        .map(severity -> "'" + severity + "'")
                        .collect(joining(", "))
                + ")";
    }

    private static String statuses(Predicate<ActionItemStatus> which) {
        return Arrays.stream(ActionItemStatus.values())
                .filter(which)
                .map(status -> "'" + status + "'")
                .collect(joining(", "));
    }

    private static String keys(@Nullable Grouping groupBy) {
        return switch (groupBy) {
            case null -> "";
            case SERVICE, TEAM -> " union all select unnest(coalesce(c.keys, array['" + Grouping.NONE + "']))";
            case PERSON -> " union all select m.self::text";
            case SEVERITY -> " union all select m.severity";
            case WEEK -> " union all select to_char(m.placed_at at time zone 'UTC', 'IYYY\"-W\"IW')";
            case MONTH -> " union all select to_char(m.placed_at at time zone 'UTC', 'YYYY-MM')";
        };
    }

    static String valueColumn(Figure figure) {
        return "figure_" + figure.ordinal() + "_value";
    }

    static String nColumn(Figure figure) {
        return "figure_" + figure.ordinal() + "_n";
    }

    static String excludedColumn(Exclusion exclusion) {
        return "excluded_" + exclusion.ordinal();
    }

    private static String literal(Exclusion exclusion) {
        return "'" + exclusion.name() + "'";
    }
}
