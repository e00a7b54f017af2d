package io.syncline.provider.imports;

import io.syncline.provider.testing.SweptDatabases;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

class ImportSweepPostgresIT extends ImportSweep {

    private final DataSource driver = SweptDatabases.postgres();

    @Override
    DataSource driver() {
        return driver;
    }

    @Override
    @Nullable
    String abort() {
        return SweptDatabases.POSTGRES_ABORT;
    }
}
