package io.syncline.systemtests.bench;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Locale;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/** Fills the consumer's view with made-up users, numbered from 0: the same in every run. */
final class UserTable {

    private static final int BATCH = 1_000;
    private static final String COPY = """
            copy user_view (user_id, generation, known, profile_seq, username, name, description, location, web_page_url,
                    joined_date, profile_image_url, background_image_url, tweet_count, following_count, follower_count,
                    like_count, row_version)
            from stdin""";

    private UserTable() {}

    static void fill(DataSource dataSource, int rows) throws SQLException {
        try (var connection = dataSource.getConnection();
                var statement = connection.createStatement()) {
            long generation;
            try (var live = statement.executeQuery("select generation from live_view where view_name = 'users'")) {
                live.next();
                generation = live.getLong(1);
            }
            var copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY);
            var lines = new StringBuilder();
            for (int i = 0; i < rows; i++) {
                lines.append(line(i, generation));
                if (i % BATCH == BATCH - 1 || i == rows - 1) {
                    var bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
                    copy.writeToCopy(bytes, 0, bytes.length);
                    lines.setLength(0);
                }
            }
            copy.endCopy();
            statement.execute("vacuum (analyze) user_view");
        }
    }

    private static String line(int number, long generation) {
        return String.format(
                Locale.ROOT,
                "%1$d\t%2$d\t1\t%1$d\tuser%1$d\tUser Number %1$d\tWrites about data, and about what becomes of it on its way"
                        + " from one system to the next; user %1$d of many.\tBerlin\thttps://www.example.com/users/%1$d\t"
                        + "2020-01-01\thttps://images.example.com/profiles/%1$d.jpg\t\\N\t%3$d\t%4$d\t%5$d\t%6$d\t1\n",
                number,
                generation,
                number % 997,
                number % 211,
                number % 1009,
                number % 499);
    }
}
