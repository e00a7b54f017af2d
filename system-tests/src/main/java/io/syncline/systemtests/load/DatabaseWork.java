package io.syncline.systemtests.load;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a PostgreSQL database was asked to do between two moments, by its own counters. pg_stat_statements counts BEGIN and
 * COMMIT as statements too.
 */
public final class DatabaseWork implements AutoCloseable {

    /** @param commits of all sessions of this database, background work of the service included */
    public record Counts(long statements, long commits) {
        public Counts minus(Counts earlier) {
            return new Counts(statements - earlier.statements, commits - earlier.commits);
        }
    }

    private static final String STATEMENTS = """
            select coalesce(sum(s.calls), 0) from pg_stat_statements s join pg_database d on d.oid = s.dbid
             where d.datname = current_database() and s.query not like '%pg_stat_%'
            """;

    private static final String DEAREST = """
            select s.calls, s.total_exec_time, s.rows, left(regexp_replace(s.query, '\\s+', ' ', 'g'), 140)
              from pg_stat_statements s join pg_database d on d.oid = s.dbid
             where d.datname = current_database()
             order by s.total_exec_time desc limit\s""";

    private static final boolean TELLS_STATEMENTS = System.getenv("SYNCLINE_BENCH_STATEMENTS") != null;
    private static final int MOST_TOLD = 20;

    private static final String COMMITS = """
            select xact_commit from pg_stat_database where datname = current_database()
            """;

    private final Connection connection;

    /** @param url with a user that may create extensions */
    public DatabaseWork(String url, String user, String password) {
        try {
            connection = DriverManager.getConnection(url, user, password);
            try (var statement = connection.createStatement()) {
                statement.execute("create extension if not exists pg_stat_statements");
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot watch " + url + ": " + e.getMessage(), e);
        }
    }

    public Counts counts() {
        return new Counts(number(STATEMENTS), number(COMMITS));
    }

    public long number(String query) {
        return Long.parseLong(text(query));
    }

    /** The first column of the first row. */
    public String text(String query) {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(query)) {
            result.next();
            return result.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(query + ": " + e.getMessage(), e);
        }
    }

    /** The first column of each row. */
    public List<String> texts(String query) {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(query)) {
            var texts = new ArrayList<String>();
            while (result.next()) {
                texts.add(result.getString(1));
            }
            return texts;
        } catch (SQLException e) {
            throw new IllegalStateException(query + ": " + e.getMessage(), e);
        }
    }

    /** The statements that took the most time since the last reset of the statistics, a line each. */
    private List<String> dearest(int most) {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(DEAREST + most)) {
            var lines = new ArrayList<String>();
            while (result.next()) {
                lines.add(String.format(
                        Locale.ROOT,
                        "%8d calls %8.0f ms %8d rows  %s",
                        result.getLong(1),
                        result.getDouble(2),
                        result.getLong(3),
                        result.getString(4)));
            }
            return lines;
        } catch (SQLException e) {
            throw new IllegalStateException("the statistics cannot be read: " + e.getMessage(), e);
        }
    }

    /** Begins a count of what statements take, where {@code SYNCLINE_BENCH_STATEMENTS} asks for it. */
    public void watchStatements() {
        if (TELLS_STATEMENTS) {
            forgetStatements();
        }
    }

    /** Sets back what statements of this database took; those of others on the same server stay. */
    public void forgetStatements() {
        execute("select pg_stat_statements_reset(0, oid, 0) from pg_database where datname = current_database()");
    }

    /** Prints what took the most time since, where it was asked for. */
    public void tellStatements() {
        if (TELLS_STATEMENTS) {
            dearest(MOST_TOLD).forEach(System.out::println);
        }
    }

    public void execute(String sql) {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
