package io.syncline.migrations;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Applies a service's scripts with the rights of the schema's owner, so that the service itself needs none.
 *
 * <p>Exit codes: 0 done, 1 the database refused, 2 wrong arguments, 3 the schema is not the one needed ({@code --check}).
 */
public final class Migrate {

    static final int DONE = 0;
    static final int DATABASE_REFUSED = 1;
    static final int WRONG_ARGUMENTS = 2;
    static final int WRONG_SCHEMA = 3;

    private static final String USAGE = """
            Applies the database scripts of one Syncline service.

              --service NAME   scheduler, provider or consumer   (SYNCLINE_MIGRATE_SERVICE)
              --url URL        jdbc:postgresql:…, jdbc:oracle:… or jdbc:h2:…   (SYNCLINE_MIGRATE_URL)
              --user NAME      owner of the schema   (SYNCLINE_MIGRATE_USER)
              --password-stdin read the password from standard input; otherwise from SYNCLINE_MIGRATE_PASSWORD
              --check          change nothing; exit 3 when the schema is not the one needed

            Exit codes: 0 done, 1 the database refused, 2 wrong arguments, 3 wrong schema.
            """;

    private static final Set<String> VALUES = Set.of("--service", "--url", "--user");
    private static final Set<String> SWITCHES = Set.of("--check", "--password-stdin", "--help");

    private Migrate() {}

    public static void main(String[] args) {
        // Named here, not logback.xml: this jar also lies on the services' class path, which log in their own way.
        System.setProperty("logback.configurationFile", "migrate-logback.xml");
        System.exit(run(args, System.getenv(), System.in, System.out, System.err));
    }

    static int run(String[] args, Map<String, String> environment, InputStream in, PrintStream out, PrintStream err) {
        Map<String, String> options;
        try {
            options = parse(args);
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage());
            err.println(USAGE);
            return WRONG_ARGUMENTS;
        }
        if (options.containsKey("--help")) {
            out.println(USAGE);
            return DONE;
        }
        var service = option(options, environment, "--service");
        var url = option(options, environment, "--url");
        if (service == null || url == null) {
            err.println("Missing: " + (service == null ? "--service" : "--url"));
            err.println(USAGE);
            return WRONG_ARGUMENTS;
        }
        try {
            var dataSource = new DriverDataSource(
                    url, option(options, environment, "--user"), password(options, environment, in));
            return options.containsKey("--check") ? check(dataSource, service, out) : migrate(dataSource, service, out);
        } catch (WrongSchemaException e) {
            err.println(e.getMessage());
            return WRONG_SCHEMA;
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage());
            return WRONG_ARGUMENTS;
        } catch (RuntimeException e) {
            err.println("Not migrated: " + e.getMessage());
            return DATABASE_REFUSED;
        }
    }

    private static int migrate(DataSource dataSource, String service, PrintStream out) {
        SchemaMigrations.migrate(dataSource, service);
        SchemaMigrations.verify(dataSource, service);
        out.println("The schema of service " + service + " is at the version needed.");
        return DONE;
    }

    private static int check(DataSource dataSource, String service, PrintStream out) {
        SchemaMigrations.verify(dataSource, service);
        out.println("The schema of service " + service + " is at the version needed.");
        return DONE;
    }

    private static Map<String, String> parse(String[] args) {
        var options = new HashMap<String, String>();
        for (int i = 0; i < args.length; i++) {
            var equals = args[i].indexOf('=');
            var name = equals < 0 ? args[i] : args[i].substring(0, equals);
            if (SWITCHES.contains(name) && equals < 0) {
                options.put(name, "true");
            } else if (VALUES.contains(name) && equals >= 0) {
                options.put(name, args[i].substring(equals + 1));
            } else if (VALUES.contains(name) && i + 1 < args.length) {
                options.put(name, args[++i]);
            } else {
                throw new IllegalArgumentException("Not understood: " + name);
            }
        }
        return options;
    }

    private static @Nullable String option(Map<String, String> options, Map<String, String> environment, String name) {
        var variable = "SYNCLINE_MIGRATE_" + name.substring(2).toUpperCase(Locale.ROOT);
        var value = options.getOrDefault(name, environment.get(variable));
        return value == null || value.isBlank() ? null : value;
    }

    private static @Nullable String password(
            Map<String, String> options, Map<String, String> environment, InputStream in) {
        if (!options.containsKey("--password-stdin")) {
            return environment.get("SYNCLINE_MIGRATE_PASSWORD");
        }
        try {
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
