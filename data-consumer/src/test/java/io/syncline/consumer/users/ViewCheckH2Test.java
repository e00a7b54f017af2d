package io.syncline.consumer.users;

import javax.sql.DataSource;

class ViewCheckH2Test extends ViewCheckContract {

    @Override
    DataSource dataSource() {
        return Databases.h2();
    }
}
