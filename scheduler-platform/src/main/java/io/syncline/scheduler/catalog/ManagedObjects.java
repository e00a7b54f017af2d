package io.syncline.scheduler.catalog;

import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.store.JdbcTimes;
import java.sql.Types;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Which objects are managed by files. Every method joins the caller's transaction. */
@Repository
public class ManagedObjects {

    private static final String FIND = """
            select source_link, managed_at, managed_by from managed_object
            where kind = :kind and object_key = :key
            """;

    private static final String INSERT = """
            insert into managed_object (kind, object_key, source_link, managed_at, managed_by)
            values (:kind, :key, :source, :now, :by)
            """;

    private static final String DELETE = "delete from managed_object where kind = :kind and object_key = :key";

    private final JdbcClient jdbc;
    private final ApplicationEventPublisher events;

    ManagedObjects(JdbcClient jdbc, ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.events = events;
    }

    public Optional<ManagedObject> find(String kind, String key) {
        return jdbc.sql(FIND)
                .param("kind", kind)
                .param("key", key)
                .query((row, i) -> new ManagedObject(
                        row.getString("source_link"),
                        JdbcTimes.instant(row, "managed_at"),
                        row.getString("managed_by")))
                .optional();
    }

    /** To be asked before an object of a locked key is stored or deleted. @throws ProblemException 409 when files manage it */
    public void mayEdit(String kind, String key, Editor editor, Instant now) {
        if (editor.means() == Editor.Means.PLAN) {
            return;
        }
        ManagedObject managed = find(kind, key).orElse(null);
        if (managed == null) {
            return;
        }
        if (editor.means() == Editor.Means.HAND) {
            throw ProblemException.of(409, "managed-by-files", "Managed by files")
                    .detail(
                            "The " + kind + " '" + key + "' is managed by files"
                                    + (managed.source() == null ? "" : " at " + managed.source())
                                    + "; change it there and apply the files, or send ?detach=true to manage it by hand from now on.");
        }
        forget(kind, key);
        events.publishEvent(new ConfigChanged(editor.name(), "detach", kind, key, null, null, editor.reason(), now));
    }

    void mark(String kind, String key, @Nullable String source, Editor editor, Instant now) {
        forget(kind, key);
        jdbc.sql(INSERT)
                .param("kind", kind)
                .param("key", key)
                .param("source", source, Types.VARCHAR)
                .param("now", JdbcTimes.toJdbc(now))
                .param("by", editor.name())
                .update();
    }

    /** To be called when an object is deleted. */
    public void forget(String kind, String key) {
        jdbc.sql(DELETE).param("kind", kind).param("key", key).update();
    }
}
