package io.syncline.provider.capture;

import io.debezium.engine.DebeziumEngine.ChangeConsumer;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.RecordChangeEvent;
import io.syncline.provider.change.CapturedChange;
import io.syncline.provider.change.Changes;
import io.syncline.provider.dataset.Dataset;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Records batches of the log, each with its progress in one transaction under the claim's fence. What was recorded
 * before and is met again is passed over. One engine has one recorder.
 */
final class Recorder implements ChangeConsumer<RecordChangeEvent<SourceRecord>> {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int WRITTEN_AT_ONCE = 500;

    private final String name;
    private final long fence;
    private final Map<String, Dataset> tables;
    private final JdbcCaptures captures;
    private final Changes changes;
    private final TransactionTemplate transaction;
    private final Progress resumed;
    private final List<CapturedChange> kept = new ArrayList<>();
    private Progress progress;
    private @Nullable RecordChangeEvent<SourceRecord> last;
    private @Nullable RecordChangeEvent<SourceRecord> complete;
    private long lastTransaction;
    private long lastLsn;
    private int lastCount;

    Recorder(
            String name,
            JdbcCaptures.Claim claim,
            Map<String, Dataset> tables,
            JdbcCaptures captures,
            Changes changes,
            TransactionTemplate transaction) {
        this.name = name;
        this.fence = claim.fence();
        this.resumed = claim.progress();
        this.progress = claim.progress();
        this.tables = tables;
        this.captures = captures;
        this.changes = changes;
        this.transaction = transaction;
    }

    /** Whatever fails here ends the engine; what follows begins anew from what was committed. */
    @Override
    public void handleBatch(
            List<RecordChangeEvent<SourceRecord>> records, RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
            throws InterruptedException {
        transaction.executeWithoutResult(status -> {
            records.forEach(this::take);
            write();
            progress = new Progress(
                    complete == null
                            ? progress.offset()
                            : JSON.writeValueAsString(complete.record().sourceOffset()),
                    progress.transaction(),
                    progress.lsn(),
                    progress.count());
            if (!captures.advance(name, fence, progress)) {
                throw new IllegalStateException("another instance follows the log now");
            }
        });
        if (complete != null) {
            // Only now may the database forget what is before it.
            committer.markProcessed(complete);
        }
        committer.markBatchFinished();
    }

    private void take(RecordChangeEvent<SourceRecord> event) {
        var change = event.record();
        if (!(change.value() instanceof Struct value)
                || value.schema().field("source") == null
                || value.schema().field("op") == null) {
            passed(event);
            return;
        }
        var source = value.getStruct("source");
        var operation = value.getString("op");
        var dataset = tables.get(source.getString("schema") + "." + source.getString("table"));
        if (operation.equals("r") && dataset != null) {
            add(dataset, null, RowImage.cells(dataset, value.getStruct("after"), null), source);
            if ("last".equals(source.getString("snapshot"))) {
                complete = event;
            }
            return;
        }
        var itsTransaction = source.getInt64("txId");
        var itsLsn = source.getInt64("lsn");
        if (itsTransaction == null || itsLsn == null) {
            passed(event);
            return;
        }
        if (last == null || itsTransaction != lastTransaction || itsLsn != lastLsn) {
            complete = last == null ? complete : last;
            lastTransaction = itsTransaction;
            lastLsn = itsLsn;
            lastCount = 0;
        }
        last = event;
        lastCount++;
        if (!resumed.has(itsTransaction, itsLsn, lastCount)) {
            // Our own messages have no dataset, and are there to be passed.
            if (dataset != null) {
                record(dataset, operation, value, source);
            }
            progress = new Progress(progress.offset(), itsTransaction, itsLsn, lastCount);
        }
    }

    /** A sign of life: behind the last change, it says that no more comes at that change's position. */
    private void passed(RecordChangeEvent<SourceRecord> event) {
        if (event.record().sourceOffset().get("lsn") instanceof Long lsn
                && (last == null || Long.compareUnsigned(lsn, lastLsn) > 0)) {
            complete = event;
        }
    }

    private void record(Dataset dataset, String operation, Struct value, Struct source) {
        var before = value.getStruct("before");
        switch (operation) {
            case "c" -> add(dataset, null, RowImage.cells(dataset, value.getStruct("after"), null), source);
            case "d" -> add(dataset, RowImage.cells(dataset, before, null), null, source);
            case "u" ->
                update(
                        dataset,
                        RowImage.cells(dataset, before, null),
                        RowImage.cells(dataset, value.getStruct("after"), before),
                        source);
            case "t" -> {
                write();
                changes.breakOff(dataset);
            }
            default -> throw new IllegalStateException("the log has an operation that is not known: " + operation);
        }
    }

    private void update(Dataset dataset, @Nullable String[] before, @Nullable String[] after, Struct source) {
        boolean sameKey =
                Arrays.stream(dataset.keyPositions()).allMatch(at -> java.util.Objects.equals(before[at], after[at]));
        if (sameKey) {
            add(dataset, before, after, source);
        } else {
            add(dataset, before, null, source);
            add(dataset, null, after, source);
        }
    }

    private void add(
            Dataset dataset, @Nullable String @Nullable [] before, @Nullable String @Nullable [] after, Struct source) {
        kept.add(new CapturedChange(
                dataset,
                before,
                after,
                Instant.EPOCH.plus(source.getInt64("ts_us"), ChronoUnit.MICROS),
                LogSequenceNumber.valueOf(source.getInt64("lsn")).asString()));
        if (kept.size() >= WRITTEN_AT_ONCE) {
            write();
        }
    }

    private void write() {
        if (!kept.isEmpty()) {
            changes.recordCaptured(kept);
            kept.clear();
        }
    }
}
