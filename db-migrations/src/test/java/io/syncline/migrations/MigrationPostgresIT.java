package io.syncline.migrations;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class MigrationPostgresIT extends MigrationContract {

    @Override
    DataSource emptyDatabase() {
        return Databases.emptyPostgres();
    }

    @Test
    void aServerIsNeverMigratedUnlessTold() {
        var database = emptyDatabase();

        assertThatThrownBy(() -> SchemaMigrations.prepare(database, "scheduler", null))
                .isInstanceOf(WrongSchemaException.class);
    }
}
