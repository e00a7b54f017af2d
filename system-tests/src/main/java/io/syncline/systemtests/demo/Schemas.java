package io.syncline.systemtests.demo;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where each service keeps its tables: an H2 file of its own, or a schema of its own on PostgreSQL. */
final class Schemas {

    private static final String PREFIX = "syncline_demo_";

    private final DemoOptions options;

    Schemas(DemoOptions options) {
        this.options = options;
    }

    /** Makes empty schemas; the former ones of a demo go. H2 files need nothing. */
    void prepare() {
        var url = options.databaseUrl();
        if (url == null) {
            return;
        }
        try (var connection = DriverManager.getConnection(url, options.databaseUser(), options.databasePassword());
                var statement = connection.createStatement()) {
            for (var service : new String[] {"scheduler", "provider", "consumer"}) {
                statement.execute("drop schema if exists " + PREFIX + service + " cascade");
                statement.execute("create schema " + PREFIX + service);
            }
        } catch (SQLException trouble) {
            throw new DemoOptions.WrongOptionException(
                    "--database: %s (options --database, --database-user)".formatted(trouble.getMessage()));
        }
    }

    Map<String, String> settings(String service) {
        var settings = new LinkedHashMap<String, String>();
        var url = options.databaseUrl();
        if (url != null) {
            settings.put(
                    "spring.datasource.url",
                    url + (url.contains("?") ? "&" : "?") + "currentSchema=" + PREFIX + service);
            settings.put("syncline.database.migrate", "true");
        }
        return settings;
    }

    Map<String, String> environment() {
        var environment = new LinkedHashMap<String, String>();
        if (options.databaseUrl() != null) {
            if (options.databaseUser() != null) {
                environment.put("SPRING_DATASOURCE_USERNAME", options.databaseUser());
            }
            environment.put(
                    "SPRING_DATASOURCE_PASSWORD", options.databasePassword() == null ? "" : options.databasePassword());
        }
        return environment;
    }
}
