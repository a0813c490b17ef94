package dev.hindsight.conventions.catalog;

/**
 * The conditions on services, for each way in which queries are written here. Both are answered by a GIN index on {@code
 * service_keys} of the column.
 */
public final class OfCatalog {

    private OfCatalog() {}

    /**
     * For SQL: one of the services is that one, however it is spelt and under every name that the catalog has merged.
     *
     * @param services column with the names
     * @param name parameter with one of the service's names
     */
    public static String isService(String services, String name) {
        return "service_keys(%s) && same_services(cast(%s as text))".formatted(services, name);
    }

    /**
     * For SQL: one of the services is the team's.
     *
     * @param services column with the names
     * @param team parameter with one of the team's names
     */
    public static String isOfTeam(String services, String team) {
        return "service_keys(%s) && services_of(cast(%s as text))".formatted(services, team);
    }

    /** {@link #isService} for HQL, with an attribute and a named parameter. */
    public static String isServiceHql(String services, String name) {
        return hql(isService("?", "?"), services, name);
    }

    /** {@link #isOfTeam} for HQL, with an attribute and a named parameter. */
    public static String isOfTeamHql(String services, String team) {
        return hql(isOfTeam("?", "?"), services, team);
    }

    private static String hql(String condition, String services, String value) {
        return "cast(sql('%s', %s, %s) as Boolean) = true".formatted(condition, services, value);
    }
}
