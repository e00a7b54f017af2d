package io.syncline.provider.lookup;

import io.syncline.provider.testing.SweptDatabases;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

class LookupSweepPostgresIT extends LookupSweep {

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
