package io.syncline.consumer.changes;

import static io.syncline.consumer.store.JdbcTimes.toJdbc;
import static io.syncline.consumer.store.JdbcTimes.toJdbcOrNull;

import io.syncline.consumer.store.JdbcTimes;
import io.syncline.consumer.store.Transactions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How far each feed was applied, and which instance follows it. */
class JdbcPositions {

    private static final Logger LOG = LoggerFactory.getLogger(JdbcPositions.class);

    private static final String KNOWN =
            "select count(*) from change_position where dataset = :dataset and feed = :feed";

    private static final String INTRODUCE =
            "insert into change_position (dataset, feed, last_seq, gone, fence) values (:dataset, :feed, 0, 0, 0)";

    private static final String CLAIM = """
            update change_position set lease_owner = :owner, lease_until = :until, fence = fence + 1
            where dataset = :dataset and feed = :feed
              and (lease_until is null or lease_until < :now or lease_owner = :owner)""";

    private static final String FIND =
            "select feed_cursor, last_seq, as_of, fence from change_position where dataset = :dataset and feed = :feed";

    private static final String ADVANCE_HELD = """
            update change_position set feed_cursor = :cursor, last_seq = :seq, as_of = :asOf, gone = 0, lease_until = :until
            where dataset = :dataset and feed = :feed and lease_owner = :owner and fence = :fence""";

    private static final String GONE = """
            update change_position set gone = 1
            where dataset = :dataset and feed = :feed and lease_owner = :owner and fence = :fence""";

    private static final String RELEASE = """
            update change_position set lease_owner = null, lease_until = null
            where dataset = :dataset and feed = :feed and lease_owner = :owner and fence = :fence""";

    private static final String ADVANCE = """
            update change_position set last_seq = greatest(last_seq, :seq),
                   as_of = case when as_of > :asOf then as_of else :asOf end
            where dataset = :dataset and feed = :feed""";

    private final Transactions transactions;
    private final JdbcClient jdbc;
    private final String owner;
    private final Duration lease;

    JdbcPositions(Transactions transactions, JdbcClient jdbc, String owner, Duration lease) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.owner = owner;
        this.lease = lease;
    }

    /**
     * A feed that this instance follows.
     *
     * @param cursor null: nothing was applied yet
     * @param asOf all that was committed before it is applied
     * @param fence rejects what an earlier holder does late
     */
    record Position(
            String dataset,
            String feed,
            @Nullable String cursor,
            long seq,
            @Nullable Instant asOf,
            long fence) {

        /** Neither number nor time ever falls; a time that is not known changes nothing. */
        Position at(String newCursor, long newSeq, @Nullable Instant newAsOf) {
            boolean later = newAsOf != null && (asOf == null || newAsOf.isAfter(asOf));
            return new Position(dataset, feed, newCursor, Math.max(seq, newSeq), later ? newAsOf : asOf, fence);
        }
    }

    /** Makes sure that the feed has its row. */
    void introduce(String dataset, String feed) {
        try {
            transactions.run(now -> {
                int known = jdbc.sql(KNOWN)
                        .param("dataset", dataset)
                        .param("feed", feed)
                        .query(Integer.class)
                        .single();
                if (known == 0) {
                    jdbc.sql(INTRODUCE)
                            .param("dataset", dataset)
                            .param("feed", feed)
                            .update();
                }
            });
        } catch (DuplicateKeyException e) {
            LOG.debug("feed {} of {} was introduced a moment ago", feed, dataset);
        }
    }

    /** Takes the feed when nobody follows it, or whoever did has not been heard of for the length of a lease. */
    Optional<Position> claim(String dataset, String feed) {
        introduce(dataset, feed);
        return transactions.call(now -> {
            int claimed = jdbc.sql(CLAIM)
                    .param("owner", owner)
                    .param("until", toJdbc(now.plus(lease)))
                    .param("now", toJdbc(now))
                    .param("dataset", dataset)
                    .param("feed", feed)
                    .update();
            return claimed == 0 ? Optional.empty() : Optional.of(find(dataset, feed));
        });
    }

    private Position find(String dataset, String feed) {
        return jdbc.sql(FIND)
                .param("dataset", dataset)
                .param("feed", feed)
                .query((row, number) -> new Position(
                        dataset,
                        feed,
                        row.getString("feed_cursor"),
                        row.getLong("last_seq"),
                        JdbcTimes.instantOrNull(row, "as_of"),
                        row.getLong("fence")))
                .single();
    }

    /** In the caller's transaction; renews the lease as well. */
    void advanceHeld(Position to, Instant now) {
        int held = jdbc.sql(ADVANCE_HELD)
                .param("cursor", to.cursor())
                .param("seq", to.seq())
                .param("asOf", toJdbcOrNull(to.asOf()))
                .param("until", toJdbc(now.plus(lease)))
                .param("dataset", to.dataset())
                .param("feed", to.feed())
                .param("owner", owner)
                .param("fence", to.fence())
                .update();
        if (held == 0) {
            throw new FeedLostException(to.dataset());
        }
    }

    /** Says that what follows the position cannot be read any more. */
    void gone(Position held) {
        transactions.run(now -> jdbc.sql(GONE)
                .param("dataset", held.dataset())
                .param("feed", held.feed())
                .param("owner", owner)
                .param("fence", held.fence())
                .update());
    }

    void release(Position held) {
        transactions.run(now -> jdbc.sql(RELEASE)
                .param("dataset", held.dataset())
                .param("feed", held.feed())
                .param("owner", owner)
                .param("fence", held.fence())
                .update());
    }

    /** In the caller's transaction; for feeds whose followers are told apart elsewhere. */
    void advance(String dataset, String feed, long seq, Instant asOf) {
        jdbc.sql(ADVANCE)
                .param("seq", seq)
                .param("asOf", toJdbc(asOf))
                .param("dataset", dataset)
                .param("feed", feed)
                .update();
    }
}
