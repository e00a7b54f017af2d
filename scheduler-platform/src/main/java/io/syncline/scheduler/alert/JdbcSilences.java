package io.syncline.scheduler.alert;

import io.syncline.scheduler.store.JdbcTimes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

@Repository
class JdbcSilences {

    private static final TypeReference<List<Silence.Matcher>> MATCHERS = new TypeReference<>() {};
    private static final TypeReference<List<String>> TEXTS = new TypeReference<>() {};
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String SELECT = """
            select silence_id, matchers, label_list, reason, created_by, created_at, from_at, until_at, ended_at, ended_by
            from silence
            """;

    /** One without a beginning was made before there were such that begin later. */
    private static final String STANDING = SELECT + """
            where until_at > :now and ended_at is null and (from_at is null or from_at <= :now)
            order by silence_id
            """;

    private static final String LOCK = SELECT + "where silence_id = :id for update";

    private static final String BEFORE =
            SELECT + "where silence_id < :before order by silence_id desc fetch first :count rows only";

    private static final String INSERT = """
            insert into silence (silence_id, matchers, label_list, reason, created_by, created_at, from_at, until_at)
            values (:id, :matchers, :labels, :reason, :by, :now, :from, :until)
            """;

    private static final String END = "update silence set ended_at = :now, ended_by = :by where silence_id = :id";

    private static final String PURGE = "delete from silence where until_at < :before";

    private final JdbcClient jdbc;

    JdbcSilences(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    List<Silence> standing(Instant now) {
        return jdbc.sql(STANDING)
                .param("now", JdbcTimes.toJdbc(now))
                .query(JdbcSilences::silence)
                .list();
    }

    Optional<Silence> lock(String id) {
        return jdbc.sql(LOCK).param("id", id).query(JdbcSilences::silence).optional();
    }

    List<Silence> before(String id, int count) {
        return jdbc.sql(BEFORE)
                .param("before", id)
                .param("count", count)
                .query(JdbcSilences::silence)
                .list();
    }

    void insert(Silence silence) {
        jdbc.sql(INSERT)
                .param("id", silence.id())
                .param("matchers", JSON.writeValueAsString(silence.matchers()))
                .param("labels", silence.labels() == null ? null : JSON.writeValueAsString(silence.labels()))
                .param("reason", silence.reason())
                .param("by", silence.createdBy())
                .param("now", JdbcTimes.toJdbc(silence.createdAt()))
                .param("from", JdbcTimes.toJdbc(silence.from()))
                .param("until", JdbcTimes.toJdbc(silence.until()))
                .update();
    }

    void end(String id, String by, Instant now) {
        jdbc.sql(END)
                .param("id", id)
                .param("by", by)
                .param("now", JdbcTimes.toJdbc(now))
                .update();
    }

    void purge(Instant before) {
        jdbc.sql(PURGE).param("before", JdbcTimes.toJdbc(before)).update();
    }

    private static Silence silence(ResultSet row, int number) throws SQLException {
        @Nullable String labels = row.getString("label_list");
        var createdAt = JdbcTimes.instant(row, "created_at");
        var from = JdbcTimes.instantOrNull(row, "from_at");
        return new Silence(
                row.getString("silence_id"),
                JSON.readValue(row.getString("matchers"), MATCHERS),
                labels == null ? null : JSON.readValue(labels, TEXTS),
                row.getString("reason"),
                row.getString("created_by"),
                createdAt,
                from == null ? createdAt : from,
                JdbcTimes.instant(row, "until_at"),
                JdbcTimes.instantOrNull(row, "ended_at"),
                row.getString("ended_by"));
    }
}
