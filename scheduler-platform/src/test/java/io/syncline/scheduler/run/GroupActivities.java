package io.syncline.scheduler.run;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Makes the face for tests of other rooms. */
public final class GroupActivities {

    private GroupActivities() {}

    public static GroupActivity of(JdbcClient jdbc) {
        return new GroupActivity(jdbc);
    }
}
