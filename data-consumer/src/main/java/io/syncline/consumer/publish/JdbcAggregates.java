package io.syncline.consumer.publish;

import io.syncline.consumer.publish.Aggregate.Group;
import io.syncline.consumer.store.JdbcTimes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;

/**
 * The groups, counted twice in ways that share nothing but the tables: by the database, and row by row. Runways carry no
 * country, so an airport's country is that of the navaids associated with it: the lowest code when they disagree,
 * {@code unknown} when there is none.
 */
class JdbcAggregates {

    static final String UNKNOWN = "unknown";

    // Airports meet by sorting, not by a join: the embedded database would look through all navaids for every runway.
    private static final String RUNWAYS = """
            select coalesce(country, 'unknown') as country, surface, sum(runway) as counted
            from (select min(iso_country) over (partition by airport) as country, surface, runway
                  from (select airport_ident as airport, surface, cast(null as varchar(4000)) as iso_country, 1 as runway
                        from runways
                        union all
                        select associated_airport, cast(null as varchar(4000)), iso_country, 0
                        from navaids
                        where associated_airport is not null and iso_country is not null) seen) grouped
            where runway = 1
            group by coalesce(country, 'unknown'), surface
            order by country, surface""";

    private static final String FREQUENCIES =
            "select type, count(*) as counted from airport_frequencies group by type order by type";

    private static final String RUNWAY_ROWS = "select airport_ident, surface from runways";

    private static final String NAVAID_ROWS = "select associated_airport, iso_country from navaids";

    private static final String FREQUENCY_ROWS = "select type from airport_frequencies";

    private static final String COUNT_RUNWAYS = "select count(*) from runways";

    private static final String COUNT_FREQUENCIES = "select count(*) from airport_frequencies";

    private static final String AS_OF =
            "select dataset, as_of from dataset_state where as_of is not null order by dataset";

    private final JdbcTemplate jdbc;

    JdbcAggregates(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Counted by the database, in a stable order. */
    List<Group> groups(Aggregate aggregate) {
        int members = aggregate.groupColumns().size();
        var groups = new ArrayList<>(jdbc.query(
                switch (aggregate) {
                    case RUNWAYS -> RUNWAYS;
                    case FREQUENCIES -> FREQUENCIES;
                },
                (row, number) -> {
                    var fields = new ArrayList<@Nullable String>(members);
                    for (int i = 1; i <= members; i++) {
                        fields.add(row.getString(i));
                    }
                    return new Group(fields, row.getLong("counted"));
                }));
        // Databases sort text by their own rules; the file is the same on all of them.
        groups.sort((a, b) -> key(a.members()).compareTo(key(b.members())));
        return groups;
    }

    /** Counted here, row by row; memory grows with groups and airports, not with rows. */
    Map<List<@Nullable String>, Long> recount(Aggregate aggregate) {
        Map<List<@Nullable String>, Long> counts = new HashMap<>();
        switch (aggregate) {
            case RUNWAYS -> {
                var countries = countries();
                each(RUNWAY_ROWS, row -> {
                    var airport = row.getString(1);
                    var country = airport == null ? UNKNOWN : countries.getOrDefault(airport, UNKNOWN);
                    counts.merge(Arrays.<@Nullable String>asList(country, row.getString(2)), 1L, Long::sum);
                });
            }
            case FREQUENCIES ->
                each(
                        FREQUENCY_ROWS,
                        row -> counts.merge(Arrays.<@Nullable String>asList(row.getString(1)), 1L, Long::sum));
        }
        return counts;
    }

    long count(Aggregate aggregate) {
        Long rows = jdbc.queryForObject(
                switch (aggregate) {
                    case RUNWAYS -> COUNT_RUNWAYS;
                    case FREQUENCIES -> COUNT_FREQUENCIES;
                },
                Long.class);
        return rows == null ? 0 : rows;
    }

    Map<String, @Nullable Instant> asOf() {
        Map<String, @Nullable Instant> times = new TreeMap<>();
        jdbc.query(AS_OF, row -> {
            times.put(row.getString("dataset"), JdbcTimes.instantOrNull(row, "as_of"));
        });
        return times;
    }

    private Map<String, String> countries() {
        Map<String, String> countries = new HashMap<>();
        each(NAVAID_ROWS, row -> {
            var airport = row.getString(1);
            var country = row.getString(2);
            if (airport != null && country != null) {
                countries.merge(airport, country, (a, b) -> a.compareTo(b) <= 0 ? a : b);
            }
        });
        return countries;
    }

    private void each(String sql, RowCallbackHandler handler) {
        var streaming = new JdbcTemplate(java.util.Objects.requireNonNull(jdbc.getDataSource()));
        streaming.setFetchSize(1000);
        streaming.query(sql, handler);
    }

    private static String key(List<@Nullable String> members) {
        return String.join(
                "\u0000",
                members.stream().map(member -> member == null ? "" : member).toList());
    }
}
