package io.syncline.provider.capture;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.connect.runtime.WorkerConfig;
import org.apache.kafka.connect.storage.OffsetBackingStore;
import org.apache.kafka.connect.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Gives the engine the offset at which it resumes. What it is given it keeps for the engine alone, which reads it
 * back to tell the database what may be forgotten; it was committed before, in the transaction that recorded the changes.
 */
public final class ResumePoint implements OffsetBackingStore {

    static final String SETTING = "syncline.resume.offset";

    private volatile @Nullable String offset;

    @Override
    public void configure(WorkerConfig config) {
        var setting = config.originals().get(SETTING);
        offset = setting == null || setting.toString().isEmpty() ? null : setting.toString();
    }

    @Override
    public void start() {}

    @Override
    public void stop() {}

    /** There is one partition alone: the database. */
    @Override
    public Future<Map<ByteBuffer, ByteBuffer>> get(Collection<ByteBuffer> keys) {
        var found = new HashMap<ByteBuffer, ByteBuffer>();
        var known = offset;
        if (known != null) {
            var bytes = known.getBytes(StandardCharsets.UTF_8);
            keys.forEach(key -> found.put(key, ByteBuffer.wrap(bytes)));
        }
        return CompletableFuture.completedFuture(found);
    }

    @Override
    public Future<Void> set(Map<ByteBuffer, ByteBuffer> values, Callback<Void> callback) {
        for (var value : values.values()) {
            if (value != null) {
                offset = StandardCharsets.UTF_8.decode(value.duplicate()).toString();
            }
        }
        if (callback != null) {
            callback.onCompletion(null, null);
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public Set<Map<String, Object>> connectorPartitions(String connectorName) {
        return Set.of();
    }
}
