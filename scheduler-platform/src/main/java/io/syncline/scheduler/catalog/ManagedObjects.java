package io.syncline.scheduler.catalog;

import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.store.JdbcTimes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
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

    private static final String AFTER = """
            select m.kind, m.object_key, m.source_link, m.managed_at, m.managed_by from managed_object m
            where (m.kind > :kind or (m.kind = :kind and m.object_key > :key))
            """;

    private static final String IN_ORDER = """

            order by m.kind, m.object_key
            fetch first :count rows only
            """;

    private static final String PAGE = AFTER + IN_ORDER;

    private static final String PAGE_WITHIN_REACH = AFTER
            + "and (m.kind = 'TaskGroup' and " + WithinReach.groups("m.object_key")
            + " or m.kind = 'System' and " + WithinReach.readableSystems("m.object_key")
            + " or m.kind = 'Calendar' and " + WithinReach.readableCalendars("m.object_key")
            + " or m.kind = 'Channel' and " + WithinReach.readableChannels("m.object_key") + ")" + IN_ORDER;

    private static final String INSERT = """
            insert into managed_object (kind, object_key, source_link, managed_at, managed_by)
            values (:kind, :key, :source, :now, :by)
            """;

    private static final String DELETE = "delete from managed_object where kind = :kind and object_key = :key";

    /** An object, and that files manage it. */
    public record Named(String kind, String key, ManagedObject managed) {}

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
                .query((row, i) -> managed(row))
                .optional();
    }

    /** What files manage, by kind and key, as far as the object may be read. */
    public Page<Named> list(PageRequest page, Labels labels) {
        String last = page.last("managed");
        String[] after = last == null ? new String[] {" ", " "} : last.split(" ", 2);
        if (after.length < 2) {
            throw PageRequest.badCursor();
        }
        var select = labels.all()
                ? jdbc.sql(PAGE)
                : jdbc.sql(PAGE_WITHIN_REACH).param(WithinReach.PARAMETER, WithinReach.parameter(labels));
        List<Named> rows = select.param("kind", after[0])
                .param("key", after[1])
                .param("count", page.limit() + 1)
                .query((row, i) -> new Named(row.getString("kind"), row.getString("object_key"), managed(row)))
                .list();
        return Page.cut(rows, page.limit(), named -> PageRequest.cursor("managed", named.kind() + " " + named.key()));
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

    private static ManagedObject managed(ResultSet row) throws SQLException {
        return new ManagedObject(
                row.getString("source_link"), JdbcTimes.instant(row, "managed_at"), row.getString("managed_by"));
    }

    /** To be called when an object is deleted. */
    public void forget(String kind, String key) {
        jdbc.sql(DELETE).param("kind", kind).param("key", key).update();
    }
}
