package io.syncline.scheduler.simulation;

import io.syncline.scheduler.testing.InMemoryTables;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.SimpleTransactionStatus;

/** The transactions of one node: where it may crash or freeze, and where the database may be away or silent. */
final class NodeTransactions implements PlatformTransactionManager {

    private final SimulatedNode node;
    private final InMemoryTables database;

    NodeTransactions(SimulatedNode node, InMemoryTables database) {
        this.node = node;
        this.database = database;
    }

    @Override
    public TransactionStatus getTransaction(TransactionDefinition definition) {
        if (database.inTransaction()) {
            return new SimpleTransactionStatus(false);
        }
        node.comesTo(SimulatedNode.Point.BEGIN);
        if (node.databaseIsAway()) {
            throw new CannotCreateTransactionException("the database is away");
        }
        database.begin();
        return new SimpleTransactionStatus(true);
    }

    @Override
    public void commit(TransactionStatus status) {
        if (!status.isNewTransaction()) {
            return;
        }
        if (status.isRollbackOnly()) {
            database.rollback();
            return;
        }
        try {
            node.comesTo(SimulatedNode.Point.COMMIT);
        } catch (NodeGone gone) {
            database.rollback();
            throw gone;
        }
        switch (node.fateOfCommit()) {
            case UNKNOWN_AND_UNDONE -> {
                database.rollback();
                throw new TransactionSystemException("no answer to the commit");
            }
            case UNKNOWN_AND_DONE -> {
                database.commit();
                throw new TransactionSystemException("no answer to the commit");
            }
            case TOLD_BUT_UNDONE -> database.rollback();
            case DONE -> database.commit().forEach(node::doLater);
        }
        node.comesTo(SimulatedNode.Point.COMMITTED);
    }

    @Override
    public void rollback(TransactionStatus status) {
        if (status.isNewTransaction() && database.inTransaction()) {
            database.rollback();
        }
    }

    /** What becomes of one commit, and what its node hears of it. */
    enum Fate {
        DONE,
        UNKNOWN_AND_DONE,
        UNKNOWN_AND_UNDONE,
        /** Only as a planted mistake. */
        TOLD_BUT_UNDONE
    }
}
