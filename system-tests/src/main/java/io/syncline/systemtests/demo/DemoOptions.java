package io.syncline.systemtests.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param basePort the first of six consecutive ports
 * @param home a folder of this demo's own; null: a fresh one under {@code .syncline}
 * @param data a folder with {@code ourairports-daily/DATE/*.csv.gz}; null: a generated set
 * @param databaseUrl of a PostgreSQL database; null: H2 files in the home
 */
record DemoOptions(
        boolean once,
        boolean help,
        int basePort,
        @Nullable Path home,
        @Nullable Path data,
        @Nullable String databaseUrl,
        @Nullable String databaseUser,
        @Nullable String databasePassword) {

    static final int PORTS = 6;
    static final int DEFAULT_PORT = 8080;

    static final String HELP = """
            Usage: ./demo [options]

            Builds what is missing, starts two scheduler nodes, the data provider, two data consumers and the
            portal on this machine, loads data into the provider, lets the provider send its trigger message,
            and shows how each day's run becomes complete and reconciled. Stays up until Ctrl-C.

              --once                   end when the runs have ended: exit code 0 only if every run completed
                                       and reconciled; nothing stays running
              --data DIR               real sets: every DIR/ourairports-daily/DATE folder, oldest first, one run
                                       a day (without it: two generated days)
              --database URL           PostgreSQL instead of H2 files, jdbc:postgresql://host:port/database; the
                                       schemas syncline_demo_{scheduler,provider,consumer} there are replaced
              --database-user NAME     its user, who may create schemas (or SYNCLINE_DEMO_DATABASE_USER)
              --database-password PW   its password (better: SYNCLINE_DEMO_DATABASE_PASSWORD)
              --port BASE              first of six consecutive ports on 127.0.0.1 (default 8080)
              --home DIR               where databases, logs and files go; new or empty (default: a fresh
                                       .syncline/demo-… folder)
              --help                   this text
            """;

    static DemoOptions parse(List<String> words) {
        var once = false;
        var help = false;
        var basePort = DEFAULT_PORT;
        Path home = null;
        Path data = null;
        String url = null;
        var user = System.getenv("SYNCLINE_DEMO_DATABASE_USER");
        var password = System.getenv("SYNCLINE_DEMO_DATABASE_PASSWORD");
        for (var rest = words.iterator(); rest.hasNext(); ) {
            var option = rest.next();
            switch (option) {
                case "--once" -> once = true;
                case "--help", "-h" -> help = true;
                case "--port" -> basePort = port(next(rest, option));
                case "--home" -> home = Path.of(next(rest, option));
                case "--data" -> data = folder(next(rest, option));
                case "--database" -> url = postgres(next(rest, option));
                case "--database-user" -> user = next(rest, option);
                case "--database-password" -> password = next(rest, option);
                default -> throw new WrongOptionException("unknown option " + option);
            }
        }
        return new DemoOptions(once, help, basePort, home, data, url, user, password);
    }

    private static String next(Iterator<String> rest, String option) {
        if (!rest.hasNext()) {
            throw new WrongOptionException(option + " needs a value");
        }
        return rest.next();
    }

    private static int port(String text) {
        try {
            var port = Integer.parseInt(text);
            if (port >= 1 && port <= 65_535 - PORTS) {
                return port;
            }
        } catch (NumberFormatException notANumber) {
            // Answered below like a number out of range.
        }
        throw new WrongOptionException("--port is a number from 1 to " + (65_535 - PORTS) + ": " + text);
    }

    private static Path folder(String text) {
        var folder = Path.of(text);
        if (!Files.isDirectory(folder)) {
            throw new WrongOptionException("--data: no folder " + text);
        }
        return folder.toAbsolutePath().normalize();
    }

    private static String postgres(String text) {
        if (!text.startsWith("jdbc:postgresql:")) {
            throw new WrongOptionException("--database takes a jdbc:postgresql:// address: " + text);
        }
        return text;
    }

    @Override
    public String toString() {
        return "DemoOptions[hidden]";
    }

    static final class WrongOptionException extends RuntimeException {
        WrongOptionException(String message) {
            super(message);
        }
    }
}
