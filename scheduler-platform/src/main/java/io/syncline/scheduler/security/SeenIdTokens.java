package io.syncline.scheduler.security;

import io.syncline.scheduler.store.JdbcTimes;
import java.time.Instant;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Remembers id tokens until they end, on all nodes: each opens one session. */
@Component
final class SeenIdTokens {

    private static final String INSERT = "insert into seen_id_token (token_hash, forget_at) values (:hash, :until)";

    private static final String FORGET = "delete from seen_id_token where forget_at < :now";

    private final JdbcClient jdbc;

    SeenIdTokens(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Whether it was not shown before; outside of any transaction, so that it stays remembered whatever comes of it.
     *
     * @param signed what the token's signature is over: signatures themselves have several spellings
     */
    boolean isFirst(String signed, Instant until, Instant now) {
        jdbc.sql(FORGET).param("now", JdbcTimes.toJdbc(now)).update();
        try {
            jdbc.sql(INSERT)
                    .param("hash", SecretHashes.sha256(signed))
                    .param("until", JdbcTimes.toJdbc(until))
                    .update();
            return true;
        } catch (DuplicateKeyException e) {
            return false;
        }
    }
}
