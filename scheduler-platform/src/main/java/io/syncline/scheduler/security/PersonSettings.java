package io.syncline.scheduler.security;

import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.JdbcTimes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * What people keep for their own pages: favourites, saved views, drafts. One document for each; it has no effect on anything
 * else, and no entry in the audit log, which drafts that are saved while somebody types would fill.
 */
@Component
class PersonSettings {

    private static final String FIND = "select version_number, document from person_settings where user_key = :user";

    private static final String INSERT = """
            insert into person_settings (user_key, version_number, document, changed_at)
            values (:user, 1, :document, :now)
            """;

    private static final String UPDATE = """
            update person_settings set version_number = :version + 1, document = :document, changed_at = :now
            where user_key = :user and version_number = :version
            """;

    private final JdbcClient jdbc;
    private final DatabaseClock clock;

    PersonSettings(JdbcClient jdbc, DatabaseClock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** @param document a JSON object */
    record Kept(int version, String document) {}

    Optional<Kept> find(String user) {
        return jdbc.sql(FIND)
                .param("user", user)
                .query((row, number) -> new Kept(row.getInt("version_number"), row.getString("document")))
                .optional();
    }

    /**
     * @param before the version that it replaces; null: there is none yet
     * @throws ProblemException 412 when another one stands by now
     */
    Kept keep(String user, String document, @Nullable Integer before) {
        var now = JdbcTimes.toJdbc(clock.now());
        if (before == null) {
            try {
                jdbc.sql(INSERT)
                        .param("user", user)
                        .param("document", document)
                        .param("now", now)
                        .update();
                return new Kept(1, document);
            } catch (DuplicateKeyException another) {
                throw lostRace(user);
            }
        }
        var updated = jdbc.sql(UPDATE)
                .param("user", user)
                .param("document", document)
                .param("now", now)
                .param("version", before)
                .update();
        if (updated == 0) {
            throw lostRace(user);
        }
        return new Kept(before + 1, document);
    }

    private ProblemException lostRace(String user) {
        return EntityTags.lostRace(find(user).map(Kept::version).orElse(null));
    }
}
