package io.syncline.systemtests.prove;

import io.syncline.systemtests.process.Ports;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** An embedded PostgreSQL as in production, fsync and all, that can be stopped at once and started again. */
final class Postgres implements AutoCloseable {

    static final String USER = "postgres";
    static final String SCHEMA = "scheduler";
    private static final List<String> SETTINGS = List.of(
            "fsync=on", "synchronous_commit=on", "full_page_writes=on", "max_connections=300", "shared_buffers=128MB");

    private static final int LOOKS = 300;
    private static final int LOOK_MILLIS = 200;

    private final EmbeddedPostgres server;
    private final Path data;
    private final Path control;
    private final int port = Ports.anyFree();
    private final DiskSpace disk;

    /** @param shared where the server is unpacked, once for all runs */
    Postgres(Path home, Path shared) {
        var binaries = shared.resolve("postgres");
        disk = DiskSpace.of(home, shared, "database");
        data = home.resolve("database");
        try {
            var builder = EmbeddedPostgres.builder()
                    .setOverrideWorkingDirectory(
                            Files.createDirectories(binaries).toFile())
                    .setDataDirectory(data)
                    .setPort(port)
                    .setPGStartupWait(Duration.ofSeconds(60));
            SETTINGS.forEach(setting -> builder.setServerConfig(setting.split("=")[0], setting.split("=")[1]));
            server = builder.start();
            control = control(binaries);
            create(SCHEMA);
            // Once more, over the disk that can be used up.
            stop();
            startAgain();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path control(Path binaries) throws IOException {
        try (var files = Files.walk(binaries)) {
            return files.filter(file -> file.endsWith(Path.of("bin", "pg_ctl")))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no pg_ctl below " + binaries));
        }
    }

    /** For a service, by whichever way it has to the server. */
    static String url(int port, String schema) {
        return "jdbc:postgresql://127.0.0.1:%d/postgres?currentSchema=%s".formatted(port, schema);
    }

    /** A schema of one more service. */
    void create(String schema) {
        try (var connection = connect("prove");
                var statement = connection.createStatement()) {
            statement.execute("create schema " + schema);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    int port() {
        return port;
    }

    /** Past all links. */
    Connection connect(String name) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", USER);
        properties.setProperty("password", USER);
        properties.setProperty("connectTimeout", "3");
        properties.setProperty("socketTimeout", "60");
        properties.setProperty("ApplicationName", name);
        return DriverManager.getConnection(url(port, SCHEMA), properties);
    }

    /** For a service that does not name its sessions itself. */
    static String url(int port, String schema, String service) {
        return url(port, schema) + "&ApplicationName=syncline-" + service;
    }

    /** Reads everything as of one moment: if something still moves, the tables at least agree with each other. */
    Connection connectForSnapshot(String name) throws SQLException {
        var connection = connect(name);
        connection.setAutoCommit(false);
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        return connection;
    }

    /** Ends every process of the server without letting it finish anything. */
    void crash() {
        control("stop", "-m", "immediate", "-w", "-t", "30");
    }

    /** Ends every session, then the server. */
    void stop() {
        control("stop", "-m", "fast", "-w", "-t", "30");
    }

    DiskSpace disk() {
        return disk;
    }

    /**
     * Waits until sessions are taken again, and starts the server where it has ended, as whoever looks after it in production does.
     *
     * @return whether it had ended
     */
    boolean recover() {
        var ended = false;
        for (int i = 0; i < LOOKS; i++) {
            try {
                connect("prove").close();
                return ended;
            } catch (SQLException notYet) {
                if (run("status") != 0) {
                    ended = true;
                    startAgain();
                }
            }
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        throw new IllegalStateException("the database takes no sessions, see database.log");
    }

    void startAgain() {
        var options = new StringBuilder("-p " + port);
        SETTINGS.forEach(setting -> options.append(" -c ").append(setting));
        control(
                "start",
                "-w",
                "-t",
                "60",
                "-l",
                data.resolveSibling("database.log").toString(),
                "-o",
                options.toString());
    }

    private void control(String... what) {
        if (run(what) != 0) {
            throw new IllegalStateException("pg_ctl " + String.join(" ", what) + " failed, see pg_ctl.log");
        }
    }

    private int run(String... what) {
        var command = new ArrayList<String>();
        if (System.getProperty("user.name").equals("root")) {
            // The server refuses to run as root; in a user namespace of its own it is somebody else.
            command.addAll(List.of("unshare", "-U"));
        }
        command.addAll(List.of(control.toString(), "-D", data.toString()));
        command.addAll(List.of(what));
        try {
            var builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            data.resolveSibling("pg_ctl.log").toFile()));
            builder.environment().putAll(Shim.environment(disk.shim()));
            var process = builder.start();
            if (!process.waitFor(90, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return -1;
            }
            return process.exitValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
