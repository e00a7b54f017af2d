package io.syncline.systemtests.load;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL that counts its statements; fsync and synchronous_commit stay on, as in production. It is an embedded one, or the
 * server of {@code SYNCLINE_BENCH_URL}, such as {@code jdbc:postgresql://host:5432/postgres}, where
 * {@code SYNCLINE_BENCH_USER} with {@code SYNCLINE_BENCH_PASSWORD} may create databases and the extension
 * pg_stat_statements.
 */
public final class CountingPostgres implements AutoCloseable {

    private static final @Nullable String URL = System.getenv("SYNCLINE_BENCH_URL");

    public static final String USER = setting("SYNCLINE_BENCH_USER");
    public static final String PASSWORD = setting("SYNCLINE_BENCH_PASSWORD");

    /** The server, the database, and what else the URL says. */
    private static final Pattern FORM = Pattern.compile("(jdbc:postgresql://[^/?]+/)([^/?]+)(\\?.*)?");

    /** Of databases on a server that is not only ours: they are dropped without a question. */
    private static final String PREFIX = "syncline_bench_";

    private final @Nullable EmbeddedPostgres server;
    private final List<String> made = new ArrayList<>();

    /** @throws IllegalStateException when the server of the environment does not count, or loses what it has committed */
    public CountingPostgres() {
        if (URL == null) {
            server = embedded();
        } else {
            server = null;
            judge(URL);
        }
    }

    private static EmbeddedPostgres embedded() {
        try {
            return EmbeddedPostgres.builder()
                    .setServerConfig("shared_preload_libraries", "pg_stat_statements")
                    .setServerConfig("shared_buffers", "512MB")
                    .setServerConfig("max_connections", "200")
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("full_page_writes", "on")
                    .setServerConfig("max_wal_size", "4GB")
                    .setPGStartupWait(Duration.ofSeconds(60))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whoever is embedded knows one user, whatever the environment says. */
    private static String setting(String name) {
        return URL == null ? "postgres" : Objects.requireNonNullElse(System.getenv(name), "postgres");
    }

    private void judge(String url) {
        if (!FORM.matcher(url).matches()) {
            throw new IllegalStateException(
                    "SYNCLINE_BENCH_URL is not of the form jdbc:postgresql://host:port/database: " + url);
        }
        try (var connection = connection();
                var statement = connection.createStatement()) {
            for (var setting : List.of("fsync", "synchronous_commit")) {
                try (var row = statement.executeQuery("show " + setting)) {
                    row.next();
                    if (row.getString(1).equals("off")) {
                        throw new IllegalStateException(
                                setting + " is off at " + url + ": what is measured there is not what production does");
                    }
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot use " + url + " as " + USER + ": " + e.getMessage(), e);
        }
        var check = database("check");
        try (var connection = DriverManager.getConnection(check, USER, PASSWORD);
                var statement = connection.createStatement()) {
            statement.execute("create extension if not exists pg_stat_statements");
            statement.execute("select count(*) from pg_stat_statements");
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "pg_stat_statements does not count at " + url
                            + "; the server wants shared_preload_libraries = 'pg_stat_statements': " + e.getMessage(),
                    e);
        } finally {
            close();
        }
    }

    private Connection connection() throws SQLException {
        return server == null
                ? DriverManager.getConnection(String.valueOf(URL), USER, PASSWORD)
                : server.getPostgresDatabase().getConnection();
    }

    /** Makes an empty database, in the place of one that a run before has left, and returns its JDBC URL. */
    public String database(String name) {
        var full = server == null ? PREFIX + name : name;
        try (var connection = connection();
                var statement = connection.createStatement()) {
            if (server == null) {
                statement.execute(drop(full));
            }
            statement.execute("create database " + full);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot create database " + full + ": " + e.getMessage(), e);
        }
        made.add(full);
        return server == null
                ? FORM.matcher(String.valueOf(URL)).replaceFirst("$1" + full + "$3")
                : "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + full;
    }

    /**
     * Kills a session by SIGKILL, upon which the server ends all others, whatever they were about, and comes back from its log.
     *
     * @return false, and nothing is done, where the server is not our own
     */
    public boolean crash() {
        if (server == null) {
            return false;
        }
        try (var connection = connection();
                var statement = connection.createStatement();
                var row = statement.executeQuery("select pg_backend_pid()")) {
            row.next();
            return ProcessHandle.of(row.getLong(1))
                    .map(ProcessHandle::destroyForcibly)
                    .orElse(false);
        } catch (SQLException e) {
            throw new IllegalStateException("no session to kill: " + e.getMessage(), e);
        }
    }

    private static String drop(String database) {
        return "drop database if exists " + database + " with (force)";
    }

    @Override
    public void close() {
        if (server == null) {
            dropMade();
            return;
        }
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void dropMade() {
        try (var connection = connection();
                var statement = connection.createStatement()) {
            for (var database : made) {
                statement.execute(drop(database));
            }
            made.clear();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot drop " + made + ": " + e.getMessage(), e);
        }
    }
}
