package io.syncline.scheduler.catalog;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Before the first request, keeps the labels of groups and systems that an older release has stored without them. Nothing to
 * do costs two reads.
 */
@Component
class LabelKeeper implements SmartInitializingSingleton {

    private static final Logger LOG = LoggerFactory.getLogger(LabelKeeper.class);

    private final JdbcTaskGroups groups;
    private final JdbcSystems systems;
    private final TransactionOperations transactions;

    LabelKeeper(JdbcTaskGroups groups, JdbcSystems systems, TransactionOperations transactions) {
        this.groups = groups;
        this.systems = systems;
        this.transactions = transactions;
    }

    @Override
    public void afterSingletonsInstantiated() {
        var groupKeys = groups.notLabelled();
        var systemKeys = systems.notLabelled();
        // One by one: a node that starts beside this one does the same.
        groupKeys.forEach(key -> transactions.executeWithoutResult(status -> labelGroup(key)));
        systemKeys.forEach(key -> transactions.executeWithoutResult(status -> labelSystem(key)));
        if (!groupKeys.isEmpty() || !systemKeys.isEmpty()) {
            LOG.info("Labels kept of {} groups and {} systems", groupKeys.size(), systemKeys.size());
        }
    }

    private void labelGroup(String key) {
        groups.lock(key).ifPresent(latest -> groups.label(groups.version(key, latest.number())));
    }

    private void labelSystem(String key) {
        systems.lock(key);
        systems.current(key).map(CachedSystems::parse).ifPresent(systems::label);
    }
}
