package io.syncline.migrations;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.MigrationVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One folder of scripts and the history table that records which of them the database has. */
final class SchemaPart {

    private static final Logger LOG = LoggerFactory.getLogger(SchemaPart.class);

    /** Several nodes that start on an empty database race for creating the history table; the losers look again. */
    private static final int TRIES = 5;

    private final String service;
    private final String name;
    private final Flyway flyway;
    private final MigrationTurn turn;

    SchemaPart(String service, String name, String historyTable, DataSource dataSource, DatabaseVendor vendor) {
        this.service = service;
        this.name = name;
        this.turn = vendor == DatabaseVendor.H2 ? new H2MigrationTurn(dataSource) : MigrationTurn.LEFT_TO_FLYWAY;
        this.flyway = Flyway.configure(SchemaPart.class.getClassLoader())
                .dataSource(dataSource)
                .locations("classpath:" + folder(name, vendor))
                .table(historyTable)
                // The other part's tables may be there already; version 0 is "nothing of this part yet".
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .baselineDescription("before the first script")
                .placeholderReplacement(false)
                .validateMigrationNaming(true)
                .cleanDisabled(true)
                .load();
    }

    static boolean isOnClassPath(String name, DatabaseVendor vendor) {
        return SchemaPart.class.getClassLoader().getResource(folder(name, vendor)) != null;
    }

    private static String folder(String name, DatabaseVendor vendor) {
        return "db/" + name + "/" + vendor.folder();
    }

    String name() {
        return name;
    }

    int migrate() {
        for (int attempt = 1; ; attempt++) {
            try {
                return turn.take(() -> flyway.migrate().migrationsExecuted);
            } catch (FlywayException e) {
                if (attempt == TRIES || hasFailedScript()) {
                    throw e;
                }
                LOG.info(
                        "Migrating service {} ({}) met another node, looking again: {}", service, name, e.getMessage());
            }
        }
    }

    void verify() {
        for (var script : flyway.info().all()) {
            verify(script);
        }
        var validation = flyway.validateWithResult();
        if (!validation.validationSuccessful) {
            throw wrong("An applied script differs from the program's: " + validation.getAllErrorMessages());
        }
    }

    /** Whether none of this program's scripts is missing or failed. */
    boolean covers() {
        for (var script : flyway.info().all()) {
            var state = script.getState();
            if (state == MigrationState.PENDING || state == MigrationState.OUT_OF_ORDER || state.isFailed()) {
                return false;
            }
        }
        return true;
    }

    private void verify(MigrationInfo script) {
        var state = script.getState();
        if (state == MigrationState.PENDING || state == MigrationState.OUT_OF_ORDER) {
            throw wrong("Apply the scripts with db-migrations, or set syncline.database.migrate=true.");
        }
        if (state.isFailed()) {
            throw wrong("Script " + script.getScript()
                    + " failed half-way; repair the schema before you start the service.");
        }
        if (state.isApplied() && !state.isResolved() && state != MigrationState.BASELINE) {
            throw wrong("The schema belongs to a newer program; start that one.");
        }
    }

    String needed() {
        MigrationVersion highest = null;
        for (var script : flyway.info().all()) {
            var version = script.getVersion();
            if (script.getState().isResolved()
                    && version != null
                    && (highest == null || version.compareTo(highest) > 0)) {
                highest = version;
            }
        }
        return highest == null ? "none" : highest.getVersion();
    }

    private String found() {
        var current = flyway.info().current();
        if (current == null
                || current.getVersion() == null
                || "0".equals(current.getVersion().getVersion())) {
            return "none";
        }
        return current.getVersion().getVersion();
    }

    private boolean hasFailedScript() {
        for (var script : flyway.info().all()) {
            if (script.getState().isFailed()) {
                return true;
            }
        }
        return false;
    }

    private WrongSchemaException wrong(String advice) {
        return new WrongSchemaException(service, name, found(), needed(), advice);
    }
}
