package io.syncline.provider.extract;

import io.syncline.provider.testing.SweptDatabases;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

class ExtractSweepPostgresIT extends ExtractSweep {

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
