package io.syncline.scheduler.security;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The check at start that every secret in the database is sealed and opens in its own cell. Clear text is sealed once, in the
 * tables that held some before there was a wrapping key; later it is refused there as well.
 */
@Component
final class SealedSecrets implements InitializingBean {

    private static final String LOCK_UNSEALED =
            "select table_name from unsealed_table where table_name = :table for update";

    private static final String SEALED = "delete from unsealed_table where table_name = :table";

    private static final String UNSEALED = "select table_name from unsealed_table order by table_name";

    private static final Logger LOG = LoggerFactory.getLogger(SealedSecrets.class);

    private final SecretBox box;
    private final List<SealedCells> tables;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    SealedSecrets(SecretBox box, List<SealedCells> tables, JdbcClient jdbc, PlatformTransactionManager transactions) {
        this.box = box;
        this.tables = List.copyOf(tables);
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** Several nodes may do so at once. */
    @Override
    public void afterPropertiesSet() {
        for (var table : jdbc.sql(UNSEALED).query(String.class).list()) {
            transaction.executeWithoutResult(status -> sealOnce(table));
        }
        tables.forEach(this::check);
    }

    private void sealOnce(String table) {
        if (jdbc.sql(LOCK_UNSEALED)
                .param("table", table)
                .query(String.class)
                .optional()
                .isEmpty()) {
            return;
        }
        var sealed = 0;
        for (var cells : tables) {
            for (var stored : cells.stored()) {
                var cell = stored.cell();
                if (cell.table().equals(table) && !box.isSealed(stored.text())) {
                    if (!cells.replace(cell, stored.text(), box.seal(stored.text(), cell))) {
                        throw new IllegalStateException("the secret in " + cell + " was changed while it was sealed");
                    }
                    sealed++;
                }
            }
        }
        jdbc.sql(SEALED).param("table", table).update();
        if (sealed > 0) {
            LOG.info("{} secrets of {} stood in clear text and are sealed now", sealed, table);
        }
    }

    private void check(SealedCells cells) {
        for (var stored : cells.stored()) {
            var cell = stored.cell();
            var secret = opened(stored);
            if (box.isOutdated(stored.text())
                    // Another node may have done so, or its owner may have changed the secret: sealed either way.
                    && cells.replace(cell, stored.text(), box.seal(secret, cell))) {
                LOG.info("the secret in {} is sealed under the current wrapping key now", cell);
            }
        }
    }

    private String opened(SealedCells.Stored stored) {
        try {
            return box.open(stored.text(), stored.cell());
        } catch (UnreadableSecretException e) {
            throw new RefusedStartException(
                    "A stored secret cannot be trusted: " + e.getMessage() + ".",
                    "Start with the wrapping key that was current when it was written, after the current one in"
                            + " SYNCLINE_WRAPPING_KEY_FILE (or SYNCLINE_WRAPPING_KEY). If that key is lost, or the cell was changed"
                            + " by hand, restore the row from a backup, or delete it and set the secret anew.");
        }
    }
}
