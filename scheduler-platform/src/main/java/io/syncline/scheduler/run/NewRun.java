package io.syncline.scheduler.run;

import io.syncline.scheduler.catalog.TaskGroup;
import org.jspecify.annotations.Nullable;

/**
 * A run to be started for a trigger message.
 *
 * @param orderingKey runs of one group with equal keys run one after the other, in the order of the inbox
 * @param keyed whether the message itself named the ordering key by a partitionkey; then its order always holds
 * @param triggerBody source, id, type, time and data of the message as JSON, repeated in every sync call
 * @param traceparent with the tracestate that came with it, as {@code TraceContext} keeps a trace
 * @param rerunOf the run that an operator wants once more; null for the first run of a message
 */
public record NewRun(
        TaskGroup group,
        @Nullable String businessKey,
        String orderingKey,
        boolean keyed,
        String triggerId,
        String triggerBody,
        @Nullable String traceparent,
        @Nullable String rerunOf) {

    public NewRun(
            TaskGroup group,
            @Nullable String businessKey,
            String orderingKey,
            boolean keyed,
            String triggerId,
            String triggerBody,
            @Nullable String traceparent) {
        this(group, businessKey, orderingKey, keyed, triggerId, triggerBody, traceparent, null);
    }

    /** Without a partitionkey. */
    public NewRun(
            TaskGroup group,
            @Nullable String businessKey,
            String orderingKey,
            String triggerId,
            String triggerBody,
            @Nullable String traceparent) {
        this(group, businessKey, orderingKey, false, triggerId, triggerBody, traceparent);
    }

    /** The ordering key of all runs of a group whose messages name none. */
    public static final String COMMON_KEY = "*";
}
