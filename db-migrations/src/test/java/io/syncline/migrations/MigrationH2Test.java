package io.syncline.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class MigrationH2Test extends MigrationContract {

    @Override
    DataSource emptyDatabase() {
        return Databases.emptyH2();
    }

    @Test
    void anEmbeddedDatabaseIsMigratedUnlessToldOtherwise() {
        var database = emptyDatabase();

        SchemaMigrations.prepare(database, "scheduler", null);

        assertThat(Columns.of(database)).isNotEmpty();
    }
}
