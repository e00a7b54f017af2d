package io.syncline.consumer.users;

import io.syncline.contracts.Reconciliation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;

/** Compares two generations row by row, in SQL. Every method runs in its caller's transaction. */
class JdbcViewComparisons {

    private static final String KNOWN = "select user_id from user_view where generation = ? and known = 1";

    // The first parameter is the generation whose rows are told, the second the one that they are looked for in.
    private static final String ONLY_IN = """
            select a.user_id from user_view a where a.generation = ? and a.known = 1
              and not exists (select 1 from user_view b where b.user_id = a.user_id and b.generation = ? and b.known = 1)""";

    private static final String DIFFERS = Stream.of(
                    "username",
                    "name",
                    "description",
                    "location",
                    "web_page_url",
                    "joined_date",
                    "profile_image_url",
                    "background_image_url")
            .map(column ->
                    "a.%1$s <> b.%1$s or (a.%1$s is null and b.%1$s is not null) or (a.%1$s is not null and b.%1$s is null)"
                            .formatted(column))
            .collect(Collectors.joining(" or "));

    private static final String DIFFERENT = """
            select a.user_id from user_view a join user_view b on b.user_id = a.user_id
            where a.generation = ? and b.generation = ? and a.known = 1 and b.known = 1
              and (a.tweet_count <> b.tweet_count or a.following_count <> b.following_count
                   or a.follower_count <> b.follower_count or a.like_count <> b.like_count
                   or (""" + DIFFERS + "))";

    private static final String FACTS_ONLY_IN = """
            select a.fact_key from user_fact a where a.generation = ? and a.present = 1
              and not exists (select 1 from user_fact b where b.fact_key = a.fact_key and b.kind = a.kind
                              and b.generation = ? and b.present = 1
                              and coalesce(b.user_id, '-') = coalesce(a.user_id, '-')
                              and coalesce(b.other_id, '-') = coalesce(a.other_id, '-'))""";

    private final JdbcTemplate jdbc;

    JdbcViewComparisons(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * @param users expected are those of the source, actual those that are live
     * @param factsMissing of the source, that the live view does not count
     * @param factsUnexpected counted by the live view, that the source does not have
     * @param sampleKeys some of the users behind each number
     */
    record Comparison(
            Reconciliation users, long factsMissing, long factsUnexpected, Map<String, List<String>> sampleKeys) {

        boolean isEqual() {
            return users.isBalanced(0) && factsMissing == 0 && factsUnexpected == 0;
        }
    }

    Comparison compare(long live, long source, int samples) {
        long missing = count(ONLY_IN, source, live);
        long unexpected = count(ONLY_IN, live, source);
        long different = count(DIFFERENT, live, source);
        Map<String, List<String>> keys = new LinkedHashMap<>();
        keys.put("missing", keys(ONLY_IN, missing, source, live, samples));
        keys.put("unexpected", keys(ONLY_IN, unexpected, live, source, samples));
        keys.put("different", keys(DIFFERENT, different, live, source, samples));
        return new Comparison(
                new Reconciliation(count(KNOWN, source), count(KNOWN, live), missing, unexpected, different),
                count(FACTS_ONLY_IN, source, live),
                count(FACTS_ONLY_IN, live, source),
                keys);
    }

    private long count(String sql, Object... parameters) {
        Long rows = jdbc.queryForObject("select count(*) from (" + sql + ") r", Long.class, parameters);
        return rows == null ? 0 : rows;
    }

    private List<String> keys(String sql, long rows, long first, long second, int samples) {
        if (rows == 0) {
            return List.of();
        }
        return jdbc.queryForList(
                "%s order by a.user_id fetch first %d rows only".formatted(sql, samples), String.class, first, second);
    }
}
