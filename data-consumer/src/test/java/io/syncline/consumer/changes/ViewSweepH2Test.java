package io.syncline.consumer.changes;

import io.syncline.consumer.users.Databases;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

class ViewSweepH2Test extends ViewSweep {

    @Override
    DataSource dataSource() {
        return Databases.h2();
    }

    @Override
    @Nullable
    String abort() {
        return null;
    }
}
