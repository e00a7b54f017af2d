package io.syncline.scheduler.catalog;

import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.security.SecondApprover;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Systems in plans and exports. */
@Component
class SystemKind implements DocumentKind {

    private final SystemCatalog catalog;
    private final JdbcSystems systems;

    SystemKind(SystemCatalog catalog, JdbcSystems systems) {
        this.catalog = catalog;
        this.systems = systems;
    }

    @Override
    public String kind() {
        return SystemDocument.KIND;
    }

    @Override
    public int rank() {
        return 20;
    }

    @Override
    public SecondApprover.Kind approval() {
        return SecondApprover.Kind.SYSTEMS;
    }

    @Override
    public Map<String, Set<String>> references(ObjectNode document) {
        return Map.of();
    }

    @Override
    public void lock(String key) {
        systems.lock(key);
    }

    @Override
    public Optional<StoredVersion> current(String key, Labels labels) {
        return systems.current(key)
                .filter(system ->
                        WithinReach.readable(labels, catalog.read(system).labels()));
    }

    @Override
    public List<StoredVersion> after(String key, int count, Labels labels) {
        return systems.after(key, count, labels);
    }

    @Override
    public StoredVersion put(String key, ObjectNode document, @Nullable Integer current, Editor editor) {
        catalog.expireAfterwards();
        return catalog.putUnverified(key, document, Precondition.ofVersion(current), editor)
                .view();
    }

    @Override
    public void delete(String key, int current, Editor editor) {
        catalog.expireAfterwards();
        catalog.deleteWithin(key, Precondition.ofVersion(current), editor);
    }

    @Override
    public void verify(String key, @Nullable StoredVersion before, Editor editor) {
        catalog.verify(key, before, editor);
    }
}
