package io.syncline.migrations;

import io.syncline.migrations.oracle.OracleGate;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** Empty databases for tests: H2 in memory as the services use it, and schemas of one PostgreSQL for the whole module. */
final class Databases {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private Databases() {}

    static DataSource emptyH2() {
        return new DriverDataSource(
                "jdbc:h2:mem:migrations" + NUMBER.incrementAndGet() + ";MODE=Oracle;DB_CLOSE_DELAY=-1", null, null);
    }

    static DataSource emptyPostgres() {
        var schema = "migrations" + NUMBER.incrementAndGet();
        execute(Postgres.SERVER.getPostgresDatabase(), "create schema " + schema);
        return new DriverDataSource(postgresUrl(schema), "postgres", "postgres");
    }

    private static String postgresUrl(String schema) {
        return "jdbc:postgresql://localhost:" + Postgres.SERVER.getPort() + "/postgres?currentSchema=" + schema;
    }

    static void execute(DataSource dataSource, String... statements) {
        try (var connection = dataSource.getConnection();
                var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs scripts as they are, without a history. */
    static void executeScripts(DataSource dataSource, List<Path> scripts) {
        for (var script : scripts) {
            execute(dataSource, OracleGate.statements(Scripts.text(script)).toArray(String[]::new));
        }
    }

    /** Drops every table of the user; only ever called for the schema that a test run was given. */
    static void emptyOracle(DataSource dataSource) {
        execute(dataSource, """
                begin
                  for t in (select table_name from user_tables) loop
                    execute immediate 'drop table "' || t.table_name || '" cascade constraints purge';
                  end loop;
                end;
                """);
    }

    private static final class Postgres {
        static final EmbeddedPostgres SERVER = start();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
