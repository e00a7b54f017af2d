package io.syncline.scheduler.run;

import java.util.List;

class InMemoryRunsTest extends RunsContract {

    private final InMemoryRunStore tables = new InMemoryRunStore(clock, "node-a");

    @Override
    RunStore storeOf(String node) {
        return tables.onNode(node);
    }

    @Override
    List<Move> journal(String runId) {
        return tables.journal().stream()
                .map(InMemoryRunStore.Entry::move)
                .filter(move -> move.runId().equals(runId))
                .toList();
    }

    @Override
    void freeSlotBehindItsBack(SlotKey key) {
        tables.freeSlot(key);
    }

    @Override
    boolean hasSlot(SlotKey key) {
        return tables.hasSlot(key);
    }
}
