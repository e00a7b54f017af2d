package io.syncline.consumer.changes;

import io.syncline.consumer.users.Databases;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

class ViewSweepPostgresIT extends ViewSweep {

    @Override
    DataSource dataSource() {
        return Databases.postgres();
    }

    @Override
    @Nullable
    String abort() {
        return "select 1 / 0";
    }
}
