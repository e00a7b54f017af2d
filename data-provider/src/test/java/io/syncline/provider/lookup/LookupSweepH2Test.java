package io.syncline.provider.lookup;

import io.syncline.provider.testing.SweptDatabases;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

class LookupSweepH2Test extends LookupSweep {

    private final DataSource driver = SweptDatabases.h2();

    @Override
    DataSource driver() {
        return driver;
    }

    @Override
    @Nullable
    String abort() {
        return null;
    }
}
