package io.syncline.scheduler.outbound;

import io.syncline.scheduler.catalog.SyncSystem;
import io.syncline.scheduler.catalog.Systems;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The system that a test has at the moment, under whatever key it is asked for. */
record OneSystem(Supplier<SyncSystem> system) implements Systems {

    @Override
    public Optional<SyncSystem> find(String key) {
        return Optional.of(system.get());
    }

    @Override
    public List<SyncSystem> all() {
        return List.of(system.get());
    }

    @Override
    public Set<String> ownersOf(String source) {
        return Set.of();
    }
}
