package io.syncline.scheduler.faults;

import io.syncline.faults.Calls;
import io.syncline.faults.Failure;
import io.syncline.scheduler.catalog.Auth;
import io.syncline.scheduler.outbound.Downstreams;
import io.syncline.scheduler.outbound.OutboundCall;
import io.syncline.scheduler.outbound.Reply;
import io.syncline.scheduler.testing.TaskFixture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A downstream behind the way out, which honours the key: one effect for each, however often it is called. It remembers what
 * it was asked, so that a promise about its effects can be checked.
 */
final class FaultySystem implements Downstreams {

    private static final int SLOTS = 4;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** How work is done: what a call is answered. */
    interface Behaviour {
        Reply answer(Asked asked);
    }

    /**
     * A call as it arrived.
     *
     * @param key without quotes; the attempt is behind its point
     */
    record Asked(String path, String key, int attempt, String taskRunId) {}

    private final Calls http;
    private final Behaviour behaviour;
    private final List<Asked> asked = new ArrayList<>();
    private final Map<String, Integer> effects = new LinkedHashMap<>();
    private int taken;

    FaultySystem(Calls http, Behaviour behaviour) {
        this.http = http;
        this.behaviour = behaviour;
    }

    static Reply answer(int status, String body) {
        return new Reply.Answer(
                status,
                Map.of("content-type", "application/json"),
                body.getBytes(StandardCharsets.UTF_8),
                "http://one",
                Duration.ZERO);
    }

    static Reply report(String status) {
        return answer(200, "{\"status\":\"" + status + "\"}");
    }

    List<Asked> asked() {
        return asked;
    }

    /** How often work was done, by key. */
    Map<String, Integer> effects() {
        return effects;
    }

    int slotsTaken() {
        return taken;
    }

    @Override
    public int reserve(String system, int wanted) {
        int free = Math.min(wanted, SLOTS - taken);
        taken += free;
        return free;
    }

    @Override
    public void release(String system, int unused) {
        taken -= unused;
    }

    @Override
    public CompletableFuture<Reply> call(OutboundCall call) {
        @Nullable Failure failure = http.next(call.method() + " " + call.path());
        if (failure == Failure.REFUSED) {
            throw new IllegalStateException("no way out");
        }
        var reply = failure == Failure.NOT_MADE ? null : carriedOut(call);
        taken--;
        return CompletableFuture.completedFuture(
                failure != null || reply == null
                        ? new Reply.NoAnswer("the connection was lost", "http://one", Duration.ZERO)
                        : reply);
    }

    private Reply carriedOut(OutboundCall call) {
        var key = call.headers().getOrDefault("Idempotency-Key", "").replace("\"", "");
        var body = JSON.readTree(call.body());
        var one = new Asked(
                call.path(),
                key,
                body.get("attempt").intValue(),
                body.get("taskRunId").stringValue());
        asked.add(one);
        if (!call.path().endsWith("/cancel")) {
            effects.putIfAbsent(key, 1);
        }
        return behaviour.answer(one);
    }

    @Override
    public void refreshCredential(String system, Auth auth) {}

    @Override
    public Set<String> withFreeSlots() {
        return taken < SLOTS ? Set.of(TaskFixture.DOWNSTREAM) : Set.of();
    }
}
