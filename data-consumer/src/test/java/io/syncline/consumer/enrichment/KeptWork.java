package io.syncline.consumer.enrichment;

import io.syncline.client.SyncWork;
import io.syncline.contracts.FileReport;
import io.syncline.contracts.SyncRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Work in the hands of a test; it can be taken away, or the process can die, at any step of its progress. */
final class KeptWork implements SyncWork {

    private final String key;
    private final SyncRequest request;
    private final Consumer<String> atStep;
    final List<String> steps = new ArrayList<>();

    KeptWork(String key, SyncRequest request, Consumer<String> atStep) {
        this.key = key;
        this.request = request;
        this.atStep = atStep;
    }

    @Override
    public SyncRequest request() {
        return request;
    }

    @Override
    public String idempotencyKey() {
        return key;
    }

    @Override
    public Map<String, String> pathVariables() {
        return Map.of("enrichment", "calls");
    }

    @Override
    public String traceparent() {
        return null;
    }

    @Override
    public void progress(long done, long total, String unit) {
        var step = "%d of %d %s".formatted(done, total, unit);
        steps.add(step);
        atStep.accept(step);
    }

    @Override
    public void files(List<FileReport> files) {}
}
