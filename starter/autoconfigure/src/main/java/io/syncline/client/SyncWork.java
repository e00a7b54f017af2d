package io.syncline.client;

import io.syncline.contracts.FileReport;
import io.syncline.contracts.SyncRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The work of one idempotency key, as its handler sees it. */
public interface SyncWork {

    /** The call that started the work; the callback it names may have been refreshed since. */
    SyncRequest request();

    /** Identifies the work; effects are once per key. */
    String idempotencyKey();

    /** The values of the path's variables. */
    Map<String, String> pathVariables();

    /** The W3C trace of the call, to be handed on to calls made for it. */
    @Nullable
    String traceparent();

    /** What came beside it, to be handed on unchanged. */
    default @Nullable String tracestate() {
        return null;
    }

    /**
     * Tells the platform how far the work is. Cheap to call often: at most one report a second is sent.
     *
     * @throws WorkTakenOverException when the work belongs to another instance now, or was cancelled: stop
     */
    void progress(long done, long total, String unit);

    /** The state of the files, sent with the next report. */
    void files(List<FileReport> files);
}
