package io.syncline.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What migrating and refusing must do on every database. */
abstract class MigrationContract {

    abstract DataSource emptyDatabase();

    static java.util.List<String> services() {
        return Scripts.services();
    }

    @ParameterizedTest
    @MethodSource("services")
    void anEmptyDatabaseIsMigratedAndThenAccepted(String service) {
        var database = emptyDatabase();

        SchemaMigrations.migrate(database, service);

        SchemaMigrations.verify(database, service);
    }

    @ParameterizedTest
    @MethodSource("services")
    void migratingTwiceChangesNothing(String service) {
        var database = emptyDatabase();
        SchemaMigrations.migrate(database, service);
        var before = Columns.of(database);

        SchemaMigrations.migrate(database, service);

        assertThat(Columns.of(database)).isEqualTo(before).isNotEmpty();
    }

    @Test
    void anEmptySchemaIsRefusedWithBothVersions() {
        var database = emptyDatabase();

        assertThatThrownBy(() -> SchemaMigrations.verify(database, "scheduler"))
                .isInstanceOfSatisfying(WrongSchemaException.class, e -> {
                    assertThat(e.service()).isEqualTo("scheduler");
                    assertThat(e.found()).isEqualTo("none");
                    assertThat(e.needed()).isNotEqualTo("none");
                    assertThat(e).hasMessageContaining("scheduler").hasMessageContaining(e.needed());
                });
    }

    @Test
    void anOlderSchemaIsRefusedWithBothVersions() {
        var database = emptyDatabase();
        SchemaMigrations.migrate(database, "scheduler");
        var newest = Scripts.versions("scheduler", "h2").last();
        Databases.execute(database, "delete from \"schema_history\" where \"version\" = '" + newest + "'");

        assertThatThrownBy(() -> SchemaMigrations.verify(database, "scheduler"))
                .isInstanceOfSatisfying(WrongSchemaException.class, e -> {
                    assertThat(e.needed()).isEqualTo(newest);
                    assertThat(e.found()).isNotEqualTo(newest);
                });
    }

    @Test
    void aNewerSchemaIsRefusedWithBothVersions() {
        var database = emptyDatabase();
        SchemaMigrations.migrate(database, "scheduler");
        Databases.execute(database, """
                insert into "schema_history" ("installed_rank", "version", "description", "type", "script", "installed_by", "execution_time", "success")
                select 900, '900', 'of a later program', 'SQL', 'V900__of_a_later_program.sql', 'test', 1, "success"
                from "schema_history" where "installed_rank" = (select max("installed_rank") from "schema_history")
                """);

        assertThatThrownBy(() -> SchemaMigrations.verify(database, "scheduler"))
                .isInstanceOfSatisfying(
                        WrongSchemaException.class, e -> assertThat(e.found()).isEqualTo("900"));
    }

    @Test
    void aChangedScriptIsRefused() {
        var database = emptyDatabase();
        SchemaMigrations.migrate(database, "scheduler");
        Databases.execute(database, "update \"schema_history\" set \"checksum\" = 1 where \"version\" = '001'");

        assertThatThrownBy(() -> SchemaMigrations.verify(database, "scheduler"))
                .isInstanceOf(WrongSchemaException.class)
                .hasMessageContaining("differs");
    }

    @Test
    void prepareRefusesWhatItMayNotMigrate() {
        var database = emptyDatabase();

        assertThatThrownBy(() -> SchemaMigrations.prepare(database, "scheduler", false))
                .isInstanceOf(WrongSchemaException.class);
        SchemaMigrations.prepare(database, "scheduler", true);
        SchemaMigrations.prepare(database, "scheduler", false);
    }

    @Test
    void anUnknownServiceIsAnError() {
        var database = emptyDatabase();

        assertThatThrownBy(() -> SchemaMigrations.migrate(database, "nobody"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nobody");
        assertThatThrownBy(() -> SchemaMigrations.migrate(database, "../scheduler"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void fourNodesMayMigrateTheSameEmptyDatabaseAtOnce() throws Exception {
        var database = emptyDatabase();
        var nodes = 4;
        var together = new CyclicBarrier(nodes);
        var work = new ArrayList<Callable<Void>>();
        for (int i = 0; i < nodes; i++) {
            work.add(() -> {
                together.await(30, TimeUnit.SECONDS);
                SchemaMigrations.migrate(database, "scheduler");
                SchemaMigrations.verify(database, "scheduler");
                return null;
            });
        }

        var threads = Executors.newFixedThreadPool(nodes);
        try {
            for (var node : threads.invokeAll(work, 120, TimeUnit.SECONDS)) {
                node.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
