package io.syncline.provider.push;

import io.syncline.provider.store.JdbcTimes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The table {@code push_old_secret}: secrets that two or more rotations have replaced and whose time has not come yet. A
 * receiver that has not heard of the second rotation still knows one of them.
 */
@Repository
class JdbcOldSecrets {

    private static final String INSERT = """
            insert into push_old_secret (subscription_id, edition, sealed_secret, works_until)
            values (:id, :edition, :secret, :until)
            """;

    private static final String SELECT =
            "select subscription_id, edition, sealed_secret, works_until from push_old_secret";

    private static final String WORKING =
            SELECT + " where subscription_id = :id and works_until > :now order by edition desc";

    private static final String ALL = SELECT + " order by subscription_id, edition";

    private static final String RESEAL = """
            update push_old_secret set sealed_secret = :secret
             where subscription_id = :id and edition = :edition and sealed_secret = :before
            """;

    private static final String END = "delete from push_old_secret where subscription_id = :id and works_until <= :now";

    private final JdbcClient jdbc;

    /**
     * @param edition of the subscription, the last in which this was its earlier secret
     * @param worksUntil signs until then
     */
    record OldSecret(String subscriptionId, int edition, String sealedSecret, Instant worksUntil) {}

    JdbcOldSecrets(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Keeps one, and forgets those of its subscription whose time has come. */
    void keep(OldSecret old, Instant now) {
        jdbc.sql(END)
                .param("id", old.subscriptionId())
                .param("now", JdbcTimes.toJdbc(now))
                .update();
        jdbc.sql(INSERT)
                .param("id", old.subscriptionId())
                .param("edition", old.edition())
                .param("secret", old.sealedSecret())
                .param("until", JdbcTimes.toJdbc(old.worksUntil()))
                .update();
    }

    /** Those of a subscription that sign at this time, the newest first. */
    List<OldSecret> working(String subscriptionId, Instant now) {
        return jdbc.sql(WORKING)
                .param("id", subscriptionId)
                .param("now", JdbcTimes.toJdbc(now))
                .query((row, number) -> read(row))
                .list();
    }

    List<OldSecret> all() {
        return jdbc.sql(ALL).query((row, number) -> read(row)).list();
    }

    /** @return false when it is sealed otherwise by now, or forgotten */
    boolean reseal(OldSecret old, String secret) {
        return jdbc.sql(RESEAL)
                        .param("id", old.subscriptionId())
                        .param("edition", old.edition())
                        .param("before", old.sealedSecret())
                        .param("secret", secret)
                        .update()
                == 1;
    }

    private static OldSecret read(ResultSet row) throws SQLException {
        return new OldSecret(
                row.getString("subscription_id"),
                row.getInt("edition"),
                row.getString("sealed_secret"),
                JdbcTimes.instant(row, "works_until"));
    }
}
