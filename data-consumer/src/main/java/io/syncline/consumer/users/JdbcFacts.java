package io.syncline.consumer.users;

import io.syncline.consumer.store.InLists;
import io.syncline.consumer.users.Fact.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The last change of each fact. Facts are read without a lock and written only over what was read: who lost the race
 * starts again. Every method runs in its caller's transaction.
 */
class JdbcFacts {

    private static final String FIND = """
            select fact_key, last_seq, present, user_id, other_id from user_fact
            where generation = ? and kind = ? and fact_key in (%s)""";

    private static final String INSERT = """
            insert into user_fact (last_seq, present, user_id, other_id, generation, kind, fact_key)
            values (?, ?, ?, ?, ?, ?, ?)""";

    private static final String UPDATE = """
            update user_fact set last_seq = ?, present = ?, user_id = ?, other_id = ?
            where generation = ? and kind = ? and fact_key = ? and last_seq = ?""";

    private final JdbcTemplate jdbc;

    JdbcFacts(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** A fact that follows another one. */
    record Moved(Fact from, Fact to) {}

    Map<String, Fact> find(long generation, Kind kind, List<String> keys) {
        Map<String, Fact> found = new HashMap<>();
        for (var list : InLists.of(keys)) {
            var parameters = new ArrayList<Object>(list.size() + 2);
            parameters.add(generation);
            parameters.add(kind.name());
            parameters.addAll(list);
            jdbc.query(
                    FIND.formatted(InLists.marks(list)),
                    row -> {
                        var key = row.getString(1);
                        found.put(
                                key,
                                new Fact(
                                        kind,
                                        key,
                                        row.getLong(2),
                                        row.getInt(3) != 0,
                                        row.getString(4),
                                        row.getString(5)));
                    },
                    parameters.toArray());
        }
        return found;
    }

    /** @param facts in the order of their keys */
    void insert(long generation, List<Fact> facts) {
        if (facts.isEmpty()) {
            return;
        }
        jdbc.batchUpdate(INSERT, facts, facts.size(), (statement, fact) -> {
            statement.setLong(1, fact.seq());
            statement.setInt(2, fact.present() ? 1 : 0);
            statement.setString(3, fact.userId());
            statement.setString(4, fact.otherId());
            statement.setLong(5, generation);
            statement.setString(6, fact.kind().name());
            statement.setString(7, fact.key());
        });
    }

    /** @param facts in the order of their keys */
    void update(long generation, List<Moved> facts) {
        if (facts.isEmpty()) {
            return;
        }
        var written = jdbc.batchUpdate(UPDATE, facts, facts.size(), (statement, moved) -> {
            var to = moved.to();
            statement.setLong(1, to.seq());
            statement.setInt(2, to.present() ? 1 : 0);
            statement.setString(3, to.userId());
            statement.setString(4, to.otherId());
            statement.setLong(5, generation);
            statement.setString(6, to.kind().name());
            statement.setString(7, to.key());
            statement.setLong(8, moved.from().seq());
        });
        for (var batch : written) {
            for (int rows : batch) {
                if (rows == 0) {
                    throw new ViewConflictException("a fact was changed by another instance meanwhile");
                }
            }
        }
    }
}
