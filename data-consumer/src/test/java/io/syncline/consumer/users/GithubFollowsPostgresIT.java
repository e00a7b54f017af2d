package io.syncline.consumer.users;

import javax.sql.DataSource;

class GithubFollowsPostgresIT extends GithubFollowsContract {

    @Override
    DataSource dataSource() {
        return Databases.postgres();
    }

    @Override
    int links() {
        return Integer.MAX_VALUE / 2;
    }
}
