package io.syncline.scheduler.ops;

import io.micrometer.core.instrument.MeterRegistry;
import io.syncline.scheduler.store.DatabaseClock;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Gives audit entries their places in the chain, some time after they were written: never in the transaction of the action,
 * and one sealer at a time over the cluster. Each head is logged, so that it is kept where whoever can write the tables cannot
 * change it.
 */
@Service
public class AuditSeal {

    private static final Logger LOG = LoggerFactory.getLogger(AuditSeal.class);
    private static final int BATCH = 500;

    private final JdbcAuditChain chain;
    private final DatabaseClock clock;
    private final TransactionTemplate transaction;
    private final AtomicLong place = new AtomicLong();

    AuditSeal(
            JdbcAuditChain chain, DatabaseClock clock, PlatformTransactionManager transactions, MeterRegistry meters) {
        this.chain = chain;
        this.clock = clock;
        this.transaction = new TransactionTemplate(transactions);
        meters.gauge("syncline_audit_chain_place", place);
    }

    /** Seals one batch; returns how many entries it had. An idle look takes no lock. */
    public int seal() {
        if (chain.unsealed(1).isEmpty()) {
            return 0;
        }
        return Objects.requireNonNull(transaction.execute(status -> {
            var head = chain.lockHead();
            place.set(head.place());
            var unsealed = chain.unsealed(BATCH);
            if (unsealed.isEmpty()) {
                return 0;
            }
            var now = clock.now();
            for (var found : unsealed) {
                var hash = AuditChain.hash(head.hash(), found.auditId(), found.entry());
                var link = new AuditChain.Link(head.place() + 1, found.auditId(), hash);
                chain.add(link, now);
                head = new AuditChain.Head(link.place(), hash, now);
            }
            chain.moveHead(head);
            place.set(head.place());
            LOG.info("Audit trail sealed up to place {}: {}", head.place(), head.hash());
            return unsealed.size();
        }));
    }
}
