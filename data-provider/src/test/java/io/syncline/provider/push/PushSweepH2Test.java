package io.syncline.provider.push;

import io.syncline.provider.testing.SweptDatabases;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

class PushSweepH2Test extends PushSweep {

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
