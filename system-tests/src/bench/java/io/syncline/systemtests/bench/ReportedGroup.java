package io.syncline.systemtests.bench;

import io.syncline.systemtests.load.MeasuredPlatform;
import io.syncline.systemtests.load.OpenLoop;
import io.syncline.systemtests.load.ReportingDownstream;
import io.syncline.systemtests.load.Sink;
import io.syncline.systemtests.process.ServiceProcess;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A group of five ASYNC tasks, and the downstream that it calls: each call is taken with 202 and reported by callback, with
 * figures that balance, which completes the task run.
 */
final class ReportedGroup implements AutoCloseable {

    /** Task runs of each run. */
    static final int TASKS = 5;

    private static final int CONNECTIONS = 64;
    private static final int REPORTERS = 128;
    private static final int CALLS_AT_ONCE = 256;

    private final MeasuredPlatform platform;
    private final String key;
    private final ReportingDownstream downstream;
    private final Sink sink;

    /** @param nodes that the callbacks go to, by turns */
    ReportedGroup(MeasuredPlatform platform, List<ServiceProcess> nodes, String key) {
        this.platform = platform;
        this.key = key;
        this.downstream =
                new ReportingDownstream(nodes.stream().map(ServiceProcess::url).toList(), REPORTERS);
        this.sink = new Sink(downstream);
        platform.system("sink", sink.origin(), "platform-jwt", CALLS_AT_ONCE);
        platform.group(
                key, IntStream.range(0, TASKS).mapToObj(ReportedGroup::task).toList());
    }

    private static Map<String, Object> task(int i) {
        return Map.of(
                "key",
                "task-" + i,
                "mode",
                "ASYNC",
                "system",
                "sink",
                "path",
                "/sync/" + i,
                "reconciliation",
                Map.of("required", true, "toleranceRows", 0));
    }

    String key() {
        return key;
    }

    /** Sends messages to a node at a steady rate, whatever its answers. */
    OpenLoop loop(ServiceProcess node) {
        return new OpenLoop(node.url(), platform.triggerHeaders(), CONNECTIONS);
    }

    ReportingDownstream downstream() {
        return downstream;
    }

    /**
     * When the platform had answered the last report of a message's run.
     *
     * @return nanoseconds of this JVM's clock, 0 where one is missing
     */
    long reportedNanos(String triggerId) {
        return downstream.reportedNanos(triggerId, TASKS);
    }

    @Override
    public void close() {
        sink.close();
        downstream.close();
    }
}
