package io.syncline.consumer.users;

import javax.sql.DataSource;

class RebuildH2Test extends RebuildContract {

    @Override
    DataSource dataSource() {
        return Databases.h2();
    }
}
