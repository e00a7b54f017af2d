package io.syncline.scheduler.security;

import java.util.List;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
final class JdbcKeyRows implements KeyRows, SealedCells {

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

    private static final String STORED = "select kid, private_key from signing_key order by kid";

    private static final String REPLACE = """
            update signing_key set private_key = :anew where kid = :kid and private_key = :before
            """;

    private static final String TABLE = "signing_key";
    private static final String COLUMN = "private_key";

    private final JdbcClient jdbc;
    private final SecretBox box;

    JdbcKeyRows(JdbcClient jdbc, SecretBox box) {
        this.jdbc = jdbc;
        this.box = box;
    }

    static SecretBox.Cell cell(String kid) {
        return new SecretBox.Cell(TABLE, kid, COLUMN);
    }

    @Override
    public List<Stored> stored() {
        return jdbc.sql(STORED)
                .query((row, number) -> new Stored(cell(row.getString("kid")), row.getString(COLUMN)))
                .list();
    }

    @Override
    public boolean replace(SecretBox.Cell cell, String before, String anew) {
        return jdbc.sql(REPLACE)
                        .param("kid", cell.row())
                        .param("before", before)
                        .param("anew", anew)
                        .update()
                == 1;
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
                        box.open(row.getString(COLUMN), cell(row.getString("kid")))))
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
                    .param("privateKey", box.seal(key.privateKey(), cell(key.kid())))
                    .update();
        } catch (DuplicateKeyException e) {
            // Another node was first; its key is as good as ours.
        }
    }
}
