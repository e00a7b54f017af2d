package io.syncline.consumer.users;

import io.syncline.consumer.store.InLists;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The rows of the view, as changes write them. Everybody writes them in the order of their ids. Every method runs in its
 * caller's transaction.
 */
class JdbcUserRows {

    private static final String FIND = "select user_id from user_view where generation = ? and user_id in (%s)";

    private static final String INTRODUCE = """
            insert into user_view (user_id, generation, known, profile_seq, tweet_count, following_count, follower_count,
                   like_count, row_version)
            values (?, ?, 0, -1, 0, 0, 0, 0, 0)""";

    private static final String MOVE = """
            update user_view set tweet_count = tweet_count + ?, following_count = following_count + ?,
                   follower_count = follower_count + ?, like_count = like_count + ?, row_version = row_version + 1
            where generation = ? and user_id = ?""";

    private static final String TELL = """
            update user_view set known = ?, profile_seq = ?, username = ?, name = ?, description = ?, location = ?,
                   web_page_url = ?, joined_date = ?, profile_image_url = ?, background_image_url = ?,
                   row_version = row_version + 1
            where generation = ? and user_id = ? and profile_seq < ?""";

    private final JdbcTemplate jdbc;

    JdbcUserRows(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Gives each of the users a row who has none. */
    void introduce(long generation, Collection<String> userIds) {
        var missing = new TreeSet<>(userIds);
        missing.removeAll(find(generation, new ArrayList<>(missing)));
        if (!missing.isEmpty()) {
            jdbc.batchUpdate(INTRODUCE, missing, missing.size(), (statement, userId) -> {
                statement.setString(1, userId);
                statement.setLong(2, generation);
            });
        }
    }

    private Set<String> find(long generation, List<String> userIds) {
        var found = new HashSet<String>();
        for (var list : InLists.of(userIds)) {
            var parameters = new ArrayList<Object>(list.size() + 1);
            parameters.add(generation);
            parameters.addAll(list);
            jdbc.query(
                    FIND.formatted(InLists.marks(list)),
                    row -> {
                        found.add(row.getString(1));
                    },
                    parameters.toArray());
        }
        return found;
    }

    void move(long generation, SortedMap<String, Counts> moves) {
        if (moves.isEmpty()) {
            return;
        }
        jdbc.batchUpdate(MOVE, moves.entrySet(), moves.size(), (statement, move) -> {
            var by = move.getValue();
            statement.setLong(1, by.tweets());
            statement.setLong(2, by.following());
            statement.setLong(3, by.followers());
            statement.setLong(4, by.likes());
            statement.setLong(5, generation);
            statement.setString(6, move.getKey());
        });
    }

    /** Writes the profiles that are newer than what is there; the ids of the others. */
    Set<String> tell(long generation, SortedMap<String, Profile> profiles) {
        var late = new HashSet<String>();
        var ids = List.copyOf(profiles.keySet());
        var written = jdbc.batchUpdate(TELL, profiles.values(), profiles.size(), (statement, profile) -> {
            statement.setInt(1, profile.known() ? 1 : 0);
            statement.setLong(2, profile.seq());
            int place = 3;
            for (var field : profile.fields()) {
                statement.setString(place++, field);
            }
            statement.setLong(place++, generation);
            statement.setString(place++, profile.userId());
            statement.setLong(place, profile.seq());
        });
        int number = 0;
        for (var batch : written) {
            for (int rows : batch) {
                if (rows == 0) {
                    late.add(ids.get(number));
                }
                number++;
            }
        }
        return late;
    }
}
