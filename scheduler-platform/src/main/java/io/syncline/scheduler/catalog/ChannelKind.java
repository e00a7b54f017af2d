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

/** Channels in plans and exports. */
@Component
class ChannelKind implements DocumentKind {

    private final ChannelCatalog catalog;
    private final JdbcChannels channels;

    ChannelKind(ChannelCatalog catalog, JdbcChannels channels) {
        this.catalog = catalog;
        this.channels = channels;
    }

    @Override
    public String kind() {
        return ChannelDocument.KIND;
    }

    @Override
    public int rank() {
        return 15;
    }

    @Override
    public SecondApprover.@Nullable Kind approval() {
        return null;
    }

    @Override
    public Map<String, Set<String>> references(ObjectNode document) {
        return Map.of();
    }

    @Override
    public void lock(String key) {
        channels.lock(key);
    }

    @Override
    public Optional<StoredVersion> current(String key, Labels labels) {
        return channels.current(key)
                .filter(row -> WithinReach.readable(labels, ChannelCatalog.labels(row)))
                .map(JdbcChannels.Row::stored);
    }

    @Override
    public List<StoredVersion> after(String key, int count, Labels labels) {
        return channels.after(key, count, labels).stream()
                .map(JdbcChannels.Row::stored)
                .toList();
    }

    @Override
    public StoredVersion put(String key, ObjectNode document, @Nullable Integer current, Editor editor) {
        return catalog.put(key, document, Precondition.ofVersion(current), editor)
                .view()
                .stored();
    }

    @Override
    public void delete(String key, int current, Editor editor) {
        catalog.deleteWithin(key, Precondition.ofVersion(current), editor);
    }
}
