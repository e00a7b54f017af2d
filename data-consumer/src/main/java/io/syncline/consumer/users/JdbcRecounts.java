package io.syncline.consumer.users;

import io.syncline.consumer.store.InLists;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Counts the facts of a generation anew, in SQL, and sets counters right that say otherwise. Every method runs in its
 * caller's transaction.
 */
class JdbcRecounts {

    private static final String FACTS = """
            select user_id, case when kind = 'TWEET' then 1 else 0 end as tweets,
                   case when kind = 'FOLLOW' then 1 else 0 end as following, 0 as followers,
                   case when kind = 'LIKE' then 1 else 0 end as likes
            from user_fact where generation = ? and present = 1
            union all
            select other_id, 0, 0, 1, 0 from user_fact where generation = ? and present = 1 and kind = 'FOLLOW'""";

    // Counted and recounted meet by sorting, not by a join: the embedded database would count all facts for each user.
    private static final String WRONG = "select user_id from (" + FACTS + """
             union all
            select user_id, -tweet_count, -following_count, -follower_count, -like_count from user_view where generation = ?) f
            group by user_id
            having sum(tweets) <> 0 or sum(following) <> 0 or sum(followers) <> 0 or sum(likes) <> 0
            order by user_id""";

    private static final String COUNT_SOME =
            "select user_id, sum(tweets), sum(following), sum(followers), sum(likes) from (" + FACTS
                    + ") f where user_id in (%s) group by user_id";

    private static final String LOCK = """
            update user_view set row_version = row_version + 1 where generation = ? and user_id = ?""";

    private static final String SET = """
            update user_view set tweet_count = ?, following_count = ?, follower_count = ?, like_count = ?
            where generation = ? and user_id = ?""";

    private final JdbcTemplate jdbc;
    private final JdbcUserRows users;

    JdbcRecounts(JdbcTemplate jdbc, JdbcUserRows users) {
        this.jdbc = jdbc;
        this.users = users;
    }

    /** Users whose counters are not what their facts come to, at most so many, in the order of their ids. */
    List<String> wrong(long generation, int most) {
        return jdbc.query(
                connection -> {
                    var statement = connection.prepareStatement(WRONG);
                    statement.setMaxRows(most);
                    for (int place = 1; place <= 3; place++) {
                        statement.setLong(place, generation);
                    }
                    return statement;
                },
                (row, number) -> row.getString(1));
    }

    /**
     * Sets the counters of some users to what their facts come to. Their rows are locked first: who applied a change
     * before is counted, and who does so now adds to what was counted.
     *
     * @param userIds in their order
     */
    void repair(long generation, List<String> userIds) {
        users.introduce(generation, userIds);
        jdbc.batchUpdate(LOCK, userIds, userIds.size(), (statement, userId) -> {
            statement.setLong(1, generation);
            statement.setString(2, userId);
        });
        record Counted(String userId, Counts counts) {}
        for (var list : InLists.of(userIds)) {
            var parameters = new ArrayList<Object>(list.size() + 2);
            parameters.add(generation);
            parameters.add(generation);
            parameters.addAll(list);
            var counted = new ArrayList<>(jdbc.query(
                    COUNT_SOME.formatted(InLists.marks(list)),
                    (row, number) -> new Counted(
                            row.getString(1),
                            new Counts(row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5))),
                    parameters.toArray()));
            var none = new TreeSet<>(list);
            counted.forEach(one -> none.remove(one.userId()));
            none.forEach(userId -> counted.add(new Counted(userId, Counts.NONE)));
            jdbc.batchUpdate(SET, counted, counted.size(), (statement, one) -> {
                statement.setLong(1, one.counts().tweets());
                statement.setLong(2, one.counts().following());
                statement.setLong(3, one.counts().followers());
                statement.setLong(4, one.counts().likes());
                statement.setLong(5, generation);
                statement.setString(6, one.userId());
            });
        }
    }
}
