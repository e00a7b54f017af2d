package io.syncline.scheduler.security;

import java.util.List;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
final class JdbcKeyRows implements KeyRows {

    private static final String USABLE = """
            select kid, purpose, generation, algorithm, public_key, private_key
              from signing_key
             where retired_at is null and revoked_at is null
             order by purpose, generation
            """;

    private static final String INSERT = """
            insert into signing_key (kid, purpose, generation, algorithm, public_key, private_key, created_at)
            values (:kid, :purpose, :generation, :algorithm, :publicKey, :privateKey, current_timestamp)
            """;

    private final JdbcClient jdbc;

    JdbcKeyRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public List<PlatformKey> usable() {
        return jdbc.sql(USABLE)
                .query((row, number) -> new PlatformKey(
                        row.getString("kid"),
                        KeyPurpose.valueOf(row.getString("purpose")),
                        row.getInt("generation"),
                        row.getString("algorithm"),
                        row.getString("public_key"),
                        row.getString("private_key")))
                .list();
    }

    @Override
    public void addUnlessPresent(PlatformKey key) {
        try {
            jdbc.sql(INSERT)
                    .param("kid", key.kid())
                    .param("purpose", key.purpose().name())
                    .param("generation", key.generation())
                    .param("algorithm", key.algorithm())
                    .param("publicKey", key.publicKey())
                    .param("privateKey", key.privateKey())
                    .update();
        } catch (DuplicateKeyException e) {
            // Another node was first; its key is as good as ours.
        }
    }
}
