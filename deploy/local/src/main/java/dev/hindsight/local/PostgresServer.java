package dev.hindsight.local;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.regex.Pattern;

/** Where a PostgreSQL server is and how to come in, in each form that somebody needs it in. */
public record PostgresServer(String host, int port, String user, String password) {
    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    /** Reads {@code postgresql://user:password@host:port}; the port may be left out. */
    public static PostgresServer parse(String url) {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            throw malformed();
        }
        String userInfo = uri.getRawUserInfo();
        if (!"postgresql".equals(uri.getScheme())
                || uri.getHost() == null
                || userInfo == null
                || !userInfo.contains(":")) {
            throw malformed();
        }
        int colon = userInfo.indexOf(':');
        return new PostgresServer(
                uri.getHost(),
                uri.getPort() < 0 ? 5432 : uri.getPort(),
                URLDecoder.decode(userInfo.substring(0, colon), StandardCharsets.UTF_8),
                URLDecoder.decode(userInfo.substring(colon + 1), StandardCharsets.UTF_8));
    }

    private static StartFailed malformed() {
        return new StartFailed("HINDSIGHT_POSTGRES_URL must look like postgresql://user:password@host:port");
    }

    /** For JDBC (Flyway). */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://" + host + ":" + port + "/" + database;
    }

    /** For the reactive client. */
    public String reactiveUrl(String database) {
        return "postgresql://" + host + ":" + port + "/" + database;
    }

    /** A plain JDBC connection; the caller closes it. */
    public Connection connect(String database) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("connectTimeout", "10");
        return DriverManager.getConnection(jdbcUrl(database), properties);
    }

    /** Creates the database if it is missing. Only lower-case letters, digits and underscores. */
    public void createDatabase(String name) {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            try (ResultSet row =
                    statement.executeQuery("select from pg_database where datname = '" + unquoted(name) + "'")) {
                if (row.next()) {
                    return;
                }
            }
            statement.execute("create database " + quoted(name));
        } catch (SQLException e) {
            // 42P04: it exists. 23505: somebody else creates it at this moment.
            if (!"42P04".equals(e.getSQLState()) && !"23505".equals(e.getSQLState())) {
                throw new StartFailed("The database " + name + " cannot be created: " + e.getMessage(), e);
            }
        }
    }

    /** Drops the database if it is there, and with it the connections it still has. */
    public void dropDatabase(String name) {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("drop database if exists " + quoted(name) + " with (force)");
        } catch (SQLException e) {
            throw new StartFailed("The database " + name + " cannot be dropped: " + e.getMessage(), e);
        }
    }

    /** What the server itself says a setting is, as {@code SHOW} prints it. */
    public String show(String setting) {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("show " + quoted(setting))) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            throw new StartFailed("SHOW " + setting + ": " + e.getMessage(), e);
        }
    }

    private static String unquoted(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not a name: " + name);
        }
        return name;
    }

    private static String quoted(String name) {
        return "\"" + unquoted(name) + "\"";
    }

    @Override
    public String toString() {
        return user + "@" + host + ":" + port;
    }
}
