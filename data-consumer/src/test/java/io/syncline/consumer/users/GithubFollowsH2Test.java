package io.syncline.consumer.users;

import javax.sql.DataSource;

class GithubFollowsH2Test extends GithubFollowsContract {

    @Override
    DataSource dataSource() {
        return Databases.h2();
    }

    @Override
    int links() {
        return 20_000;
    }
}
