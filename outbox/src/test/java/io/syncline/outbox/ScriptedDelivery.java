package io.syncline.outbox;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A receiver that answers as told and keeps what it was given. */
final class ScriptedDelivery implements Delivery {

    final List<String> payloads = new CopyOnWriteArrayList<>();
    final Map<String, AtomicInteger> inFlightByKey = new ConcurrentHashMap<>();
    final AtomicInteger mostInFlightOfAKey = new AtomicInteger();
    volatile Function<OutboxEntry, DeliveryResult> answer = entry -> DeliveryResult.delivered();
    volatile RetryRules rules = new RetryRules(Duration.ofMillis(5), Duration.ofMillis(20), 1000, Duration.ofHours(1));

    @Override
    public String kind() {
        return "test";
    }

    @Override
    public RetryRules retryRules() {
        return rules;
    }

    @Override
    public DeliveryResult deliver(OutboxEntry entry) {
        var key = entry.message().orderingKey() == null
                ? entry.id()
                : entry.message().orderingKey();
        var inFlight = inFlightByKey.computeIfAbsent(key, any -> new AtomicInteger());
        mostInFlightOfAKey.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
        try {
            payloads.add(entry.message().payload());
            return answer.apply(entry);
        } finally {
            inFlight.decrementAndGet();
        }
    }
}
