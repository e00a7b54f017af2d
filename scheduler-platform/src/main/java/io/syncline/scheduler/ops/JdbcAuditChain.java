package io.syncline.scheduler.ops;

import io.syncline.scheduler.store.JdbcTimes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The chain's own tables; the entries are only ever read. Joins the caller's transaction. */
@Repository
class JdbcAuditChain {

    private static final String HEAD =
            "select place, chain_hash, sealed_at from audit_chain_head where head_key = 'audit'";

    private static final String LOCK_HEAD = HEAD + " for update";

    private static final String UNSEALED = """
            select u.audit_id as id, e.audit_id, e.recorded_at, e.actor, e.how, e.action, e.object_kind, e.object_key,
                   e.reason, e.details, e.trace_id
            from audit_unsealed u left join audit_entry e on e.audit_id = u.audit_id
            order by u.audit_id
            fetch first :count rows only
            """;

    private static final String ADD = """
            insert into audit_chain (place, audit_id, chain_hash, sealed_at)
            values (:place, :id, :hash, :now)
            """;

    private static final String SEALED = "delete from audit_unsealed where audit_id = :id";

    private static final String MOVE_HEAD = """
            update audit_chain_head set place = :place, chain_hash = :hash, sealed_at = :now
            where head_key = 'audit'
            """;

    private static final String LINK = "select place, audit_id, chain_hash from audit_chain where place = :place";

    private static final String LINKS = """
            select c.place, c.audit_id as id, c.chain_hash, e.audit_id, e.recorded_at, e.actor, e.how, e.action,
                   e.object_kind, e.object_key, e.reason, e.details, e.trace_id
            from audit_chain c left join audit_entry e on e.audit_id = c.audit_id
            where c.place > :after and c.place <= :last
            order by c.place
            fetch first :count rows only
            """;

    private static final String INSERTED = """
            select e.audit_id from audit_entry e
            where not exists (select 1 from audit_chain c where c.audit_id = e.audit_id)
              and not exists (select 1 from audit_unsealed u where u.audit_id = e.audit_id)
            order by e.audit_id
            fetch first 1 rows only
            """;

    private final JdbcClient jdbc;

    JdbcAuditChain(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** An entry by its id; null where the id is all that is left of it. */
    record Found(String auditId, @Nullable AuditEntry entry) {}

    record Linked(AuditChain.Link link, @Nullable AuditEntry entry) {}

    AuditChain.Head head() {
        return jdbc.sql(HEAD).query(JdbcAuditChain::headOf).single();
    }

    /** Keeps all others from sealing until the end of the transaction. */
    AuditChain.Head lockHead() {
        return jdbc.sql(LOCK_HEAD).query(JdbcAuditChain::headOf).single();
    }

    List<Found> unsealed(int count) {
        return jdbc.sql(UNSEALED)
                .param("count", count)
                .query((row, number) -> new Found(row.getString("id"), entry(row)))
                .list();
    }

    void add(AuditChain.Link link, Instant now) {
        jdbc.sql(ADD)
                .param("place", link.place())
                .param("id", link.auditId())
                .param("hash", link.hash())
                .param("now", JdbcTimes.toJdbc(now))
                .update();
        jdbc.sql(SEALED).param("id", link.auditId()).update();
    }

    void moveHead(AuditChain.Head head) {
        jdbc.sql(MOVE_HEAD)
                .param("place", head.place())
                .param("hash", head.hash())
                .param("now", JdbcTimes.toJdbc(head.sealedAt()))
                .update();
    }

    Optional<AuditChain.Link> link(long place) {
        return jdbc.sql(LINK)
                .param("place", place)
                .query((row, number) -> new AuditChain.Link(
                        row.getLong("place"), row.getString("audit_id"), row.getString("chain_hash")))
                .optional();
    }

    /** In order, with what is left of their entries. */
    List<Linked> links(long after, long last, int count) {
        return jdbc.sql(LINKS)
                .param("after", after)
                .param("last", last)
                .param("count", count)
                .query((row, number) -> new Linked(
                        new AuditChain.Link(row.getLong("place"), row.getString("id"), row.getString("chain_hash")),
                        entry(row)))
                .list();
    }

    /** The first entry that has neither a place nor ever waited for one. */
    Optional<String> inserted() {
        return jdbc.sql(INSERTED).query(String.class).optional();
    }

    private static AuditChain.Head headOf(ResultSet row, int number) throws SQLException {
        return new AuditChain.Head(
                row.getLong("place"), row.getString("chain_hash"), JdbcTimes.instant(row, "sealed_at"));
    }

    private static @Nullable AuditEntry entry(ResultSet row) throws SQLException {
        return row.getString("audit_id") == null ? null : JdbcAuditEntries.entry(row);
    }
}
