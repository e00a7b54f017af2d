package io.syncline.consumer.users;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;

/** One row of the view by its key; nothing is joined or counted. */
class JdbcUserReads {

    // The generation is read in the same statement: whoever asks next is never answered from an older one.
    private static final String FIND = """
            select username, name, description, location, web_page_url, joined_date, profile_image_url,
                   background_image_url, tweet_count, following_count, follower_count, like_count, row_version, generation
            from user_view
            where user_id = ? and generation = (select generation from live_view where view_name = 'users') and known = 1""";

    private final JdbcTemplate jdbc;

    JdbcUserReads(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** @param version differs whenever the information does */
    record Found(UserInformation user, String version) {}

    Optional<Found> find(String userId) {
        return Objects.requireNonNull(
                jdbc.query(FIND, row -> row.next() ? Optional.of(found(userId, row)) : Optional.empty(), userId));
    }

    private static Found found(String userId, ResultSet row) throws SQLException {
        var user = new UserInformation(
                userId,
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getString(8),
                row.getLong(9),
                row.getLong(10),
                row.getLong(11),
                row.getLong(12));
        return new Found(user, row.getLong(14) + "-" + row.getLong(13));
    }
}
