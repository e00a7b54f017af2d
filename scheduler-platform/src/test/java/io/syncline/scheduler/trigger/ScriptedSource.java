package io.syncline.scheduler.trigger;

import io.syncline.scheduler.catalog.Auth;
import io.syncline.scheduler.outbound.Downstreams;
import io.syncline.scheduler.outbound.OutboundCall;
import io.syncline.scheduler.outbound.Reply;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.springframework.dao.TransientDataAccessResourceException;

/** A source that answers looks with these statuses, 0 with silence; when they are used up it lets them wait. */
final class ScriptedSource implements Downstreams {

    private final Queue<Integer> statuses = new ArrayDeque<>();
    private final List<String> paths = new ArrayList<>();
    private final List<CompletableFuture<Reply>> waiting = new ArrayList<>();

    private int breaks;
    private int slots = Integer.MAX_VALUE;

    ScriptedSource(int... statuses) {
        for (int status : statuses) {
            this.statuses.add(status);
        }
    }

    List<String> paths() {
        return paths;
    }

    /** What finds the system fails so many times, as it does while the database is away. */
    void breaksForTheNext(int times) {
        breaks = times;
    }

    void slots(int free) {
        slots = free;
    }

    void answerAll(int status) {
        waiting.forEach(one -> one.complete(reply(status)));
    }

    @Override
    public int reserve(String system, int wanted) {
        if (breaks > 0) {
            breaks--;
            throw new TransientDataAccessResourceException("the database is away");
        }
        return Math.min(wanted, slots);
    }

    @Override
    public void release(String system, int unused) {}

    @Override
    public CompletableFuture<Reply> call(OutboundCall call) {
        paths.add(call.system() + " " + call.method() + " " + call.path());
        var reply = new CompletableFuture<Reply>();
        var status = statuses.poll();
        if (status == null) {
            waiting.add(reply);
        } else {
            reply.complete(reply(status));
        }
        return reply;
    }

    private static Reply reply(int status) {
        return status == 0
                ? new Reply.NoAnswer("silence", null, Duration.ZERO)
                : new Reply.Answer(status, Map.of(), new byte[0], "http://source", Duration.ZERO);
    }

    @Override
    public void refreshCredential(String system, Auth auth) {}

    @Override
    public Set<String> withFreeSlots() {
        return Set.of();
    }
}
