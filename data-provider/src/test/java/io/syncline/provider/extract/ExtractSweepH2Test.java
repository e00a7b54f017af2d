package io.syncline.provider.extract;

import io.syncline.provider.testing.SweptDatabases;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

class ExtractSweepH2Test extends ExtractSweep {

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
