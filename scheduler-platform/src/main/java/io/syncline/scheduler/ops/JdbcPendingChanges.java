package io.syncline.scheduler.ops;

import static io.syncline.scheduler.store.JdbcTimes.instant;
import static io.syncline.scheduler.store.JdbcTimes.instantOrNull;

import io.syncline.scheduler.ops.PendingChange.State;
import io.syncline.scheduler.security.Scope;
import io.syncline.scheduler.security.SealedCells;
import io.syncline.scheduler.security.SecondApprover;
import io.syncline.scheduler.security.SecretBox;
import io.syncline.scheduler.store.JdbcTimes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Changes that wait for a second person. */
@Repository
class JdbcPendingChanges implements SealedCells {

    static final String TABLE = "pending_change";
    static final String BODY = "sealed_body";
    static final String ANSWER = "sealed_answer";

    private static final String INSERT = """
            insert into pending_change (change_id, state, kind, object_key, http_method, target, content_type, if_match,
                   if_none_match, sealed_body, before_document, after_document, object_labels, proposed_by,
                   proposer_is_person, proposer_scopes, proposed_at, expires_at)
            values (:id, :state, :kind, :key, :method, :target, :contentType, :ifMatch,
                   :ifNoneMatch, :body, :before, :after, :labels, :proposedBy,
                   :isPerson, :scopes, :proposedAt, :expiresAt)
            """;

    private static final String FIND = "select * from pending_change where change_id = :id";

    /** A change has one end, whoever comes first; what it would have sent is forgotten with it. */
    private static final String DECIDE = """
            update pending_change
            set state = :state, decided_by = :by, decided_at = :now, decision_reason = :reason, sealed_body = null
            where change_id = :id and state = 'PENDING' and expires_at > :now
            """;

    private static final String ANSWERED = """
            update pending_change set answer_code = :code, sealed_answer = :answer where change_id = :id
            """;

    private static final String FORGET_ANSWER = """
            update pending_change set sealed_answer = null where change_id = :id and sealed_answer is not null
            """;

    private static final String OF_PROPOSER = """
            select count(*) from pending_change
            where state = 'PENDING' and proposed_by = :by and proposer_is_person = :isPerson and expires_at > :now
            """;

    private static final String PAGE = """
            select * from pending_change
            where change_id < :before
            order by change_id desc
            fetch first :count rows only
            """;

    private static final String PAGE_IN_STATE = """
            select * from pending_change
            where state = :state and change_id < :before
            order by change_id desc
            fetch first :count rows only
            """;

    private static final String EXPIRE = """
            update pending_change set state = 'EXPIRED', sealed_body = null
            where state = 'PENDING' and expires_at <= :now
            """;

    private static final String FORGET_OLD_ANSWERS = """
            update pending_change set sealed_answer = null
            where sealed_answer is not null and decided_at < :before
            """;

    private static final String SEALED = """
            select change_id, sealed_body, sealed_answer from pending_change
            where sealed_body is not null or sealed_answer is not null
            """;

    private static final String LOCK = "select * from pending_change where change_id = :id for update";

    private static final String SET_BODY = "update pending_change set sealed_body = :anew where change_id = :id";

    private static final String SET_ANSWER = "update pending_change set sealed_answer = :anew where change_id = :id";

    private final JdbcClient jdbc;

    JdbcPendingChanges(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    static SecretBox.Cell cell(String changeId, String column) {
        return new SecretBox.Cell(TABLE, changeId, column);
    }

    void insert(PendingChange change) {
        jdbc.sql(INSERT)
                .param("id", change.changeId())
                .param("state", change.state().name())
                .param("kind", change.kind().name())
                .param("key", change.key())
                .param("method", change.method())
                .param("target", change.target())
                .param("contentType", change.contentType())
                .param("ifMatch", change.ifMatch())
                .param("ifNoneMatch", change.ifNoneMatch())
                .param("body", change.sealedBody())
                .param("before", change.before())
                .param("after", change.after())
                .param("labels", change.labels())
                .param("proposedBy", change.proposedBy())
                .param("isPerson", change.proposerIsPerson() ? 1 : 0)
                .param(
                        "scopes",
                        change.scopes().stream().sorted().map(Scope::text).collect(Collectors.joining(" ")))
                .param("proposedAt", JdbcTimes.toJdbc(change.proposedAt()))
                .param("expiresAt", JdbcTimes.toJdbc(change.expiresAt()))
                .update();
    }

    Optional<PendingChange> find(String changeId) {
        return jdbc.sql(FIND)
                .param("id", changeId)
                .query(JdbcPendingChanges::change)
                .optional();
    }

    /** Whether this caller is the one who ended it. */
    boolean decide(String changeId, State state, String by, @Nullable String reason, Instant now) {
        return jdbc.sql(DECIDE)
                        .param("id", changeId)
                        .param("state", state.name())
                        .param("by", by)
                        .param("reason", reason)
                        .param("now", JdbcTimes.toJdbc(now))
                        .update()
                == 1;
    }

    void answered(String changeId, int code, @Nullable String sealedAnswer) {
        jdbc.sql(ANSWERED)
                .param("id", changeId)
                .param("code", code)
                .param("answer", sealedAnswer)
                .update();
    }

    /** Whether there was one to forget. */
    boolean forgetAnswer(String changeId) {
        return jdbc.sql(FORGET_ANSWER).param("id", changeId).update() == 1;
    }

    long pendingOf(String proposer, boolean isPerson, Instant now) {
        return jdbc.sql(OF_PROPOSER)
                .param("by", proposer)
                .param("isPerson", isPerson ? 1 : 0)
                .param("now", JdbcTimes.toJdbc(now))
                .query(Long.class)
                .single();
    }

    /** Newest first. */
    List<PendingChange> page(@Nullable State state, @Nullable String before, int count) {
        var page = state == null ? jdbc.sql(PAGE) : jdbc.sql(PAGE_IN_STATE).param("state", state.name());
        // Ids are made of 0-9, a-f and hyphens.
        return page.param("before", before == null ? "g" : before)
                .param("count", count)
                .query(JdbcPendingChanges::change)
                .list();
    }

    void expire(Instant now) {
        jdbc.sql(EXPIRE).param("now", JdbcTimes.toJdbc(now)).update();
    }

    void forgetAnswersBefore(Instant before) {
        jdbc.sql(FORGET_OLD_ANSWERS).param("before", JdbcTimes.toJdbc(before)).update();
    }

    @Override
    public List<Stored> stored() {
        var cells = new ArrayList<Stored>();
        jdbc.sql(SEALED).query(row -> {
            var id = row.getString("change_id");
            var body = row.getString(BODY);
            var answer = row.getString(ANSWER);
            if (body != null) {
                cells.add(new Stored(cell(id, BODY), body));
            }
            if (answer != null) {
                cells.add(new Stored(cell(id, ANSWER), answer));
            }
        });
        return cells;
    }

    /** The check at start calls it in no transaction; whoever changed the cell meanwhile has sealed it anew. */
    @Override
    public boolean replace(SecretBox.Cell cell, String before, String anew) {
        var change = jdbc.sql(LOCK)
                .param("id", cell.row())
                .query(JdbcPendingChanges::change)
                .optional();
        var ofBody = cell.column().equals(BODY);
        var stands = change.map(found -> ofBody ? found.sealedBody() : found.sealedAnswer())
                .filter(before::equals)
                .isPresent();
        return stands
                && jdbc.sql(ofBody ? SET_BODY : SET_ANSWER)
                                .param("id", cell.row())
                                .param("anew", anew)
                                .update()
                        == 1;
    }

    private static PendingChange change(ResultSet row, int number) throws SQLException {
        var scopes = EnumSet.noneOf(Scope.class);
        Arrays.stream(row.getString("proposer_scopes").split(" "))
                .forEach(text -> Scope.of(text).ifPresent(scopes::add));
        return new PendingChange(
                row.getString("change_id"),
                State.valueOf(row.getString("state")),
                SecondApprover.Kind.valueOf(row.getString("kind")),
                row.getString("object_key"),
                row.getString("http_method"),
                row.getString("target"),
                row.getString("content_type"),
                row.getString("if_match"),
                row.getString("if_none_match"),
                row.getString(BODY),
                row.getString("before_document"),
                row.getString("after_document"),
                row.getString("object_labels"),
                row.getString("proposed_by"),
                row.getInt("proposer_is_person") == 1,
                scopes,
                instant(row, "proposed_at"),
                instant(row, "expires_at"),
                row.getString("decided_by"),
                instantOrNull(row, "decided_at"),
                row.getString("decision_reason"),
                row.getObject("answer_code", Integer.class),
                row.getString(ANSWER));
    }
}
