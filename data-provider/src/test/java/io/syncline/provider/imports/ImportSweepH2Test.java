package io.syncline.provider.imports;

import io.syncline.provider.testing.SweptDatabases;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

class ImportSweepH2Test extends ImportSweep {

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
