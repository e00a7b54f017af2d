package io.syncline.provider.push;

import io.syncline.provider.push.JdbcDeliveries.Backlog;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** How each subscription does, told without its secret and without what its address may hide. */
@Component
public class PushStatus {

    private static final int MOST = 100;
    private static final int MOST_COUNTED = 10_000;
    private static final String BEFORE_ALL = "-";

    private final JdbcSubscriptions subscriptions;
    private final JdbcDeliveries deliveries;

    PushStatus(JdbcSubscriptions subscriptions, JdbcDeliveries deliveries) {
        this.subscriptions = subscriptions;
        this.deliveries = deliveries;
    }

    /**
     * The subscriptions in the order of their keys.
     *
     * @param areAll false: there are more
     * @param countsAreExact false: so much waits or is dead that {@code pending} and {@code dead} are the least
     */
    public record Subscriptions(List<State> items, boolean areAll, boolean countsAreExact) {}

    /**
     * How one of them does.
     *
     * @param host of its address
     * @param unstored changes of the log without a delivery yet
     * @param pending deliveries that wait, the first since {@code pendingSince}
     * @param dead deliveries that were given up and are kept, the first from {@code deadSince}
     */
    public record State(
            String key,
            String dataset,
            String host,
            boolean ordered,
            boolean active,
            @Nullable String disabledBecause,
            @Nullable Instant failingSince,
            long unstored,
            long pending,
            @Nullable Instant pendingSince,
            long dead,
            @Nullable Instant deadSince) {}

    public Subscriptions all() {
        var found = subscriptions.page(BEFORE_ALL, MOST + 1);
        var shown = found.size() > MOST ? found.subList(0, MOST) : found;
        if (shown.isEmpty()) {
            return new Subscriptions(List.of(), true, true);
        }
        var pending = byId("PENDING");
        var dead = byId("DEAD");
        var unstored =
                subscriptions.unstored(shown.stream().map(Subscription::key).toList());
        return new Subscriptions(
                shown.stream()
                        .map(one -> state(
                                one, unstored.getOrDefault(one.key(), 0L), pending.get(one.id()), dead.get(one.id())))
                        .toList(),
                found.size() == shown.size(),
                counted(pending) < MOST_COUNTED && counted(dead) < MOST_COUNTED);
    }

    private Map<String, Backlog> byId(String state) {
        return deliveries.backlogs(state, MOST_COUNTED).stream()
                .collect(Collectors.toMap(Backlog::subscription, Function.identity()));
    }

    private static long counted(Map<String, Backlog> backlogs) {
        return backlogs.values().stream().mapToLong(Backlog::messages).sum();
    }

    private static State state(Subscription one, long unstored, @Nullable Backlog pending, @Nullable Backlog dead) {
        return new State(
                one.key(),
                one.dataset(),
                host(one.endpoint()),
                one.ordered(),
                one.enabled(),
                one.disabledBecause(),
                one.failingSince(),
                unstored,
                pending == null ? 0 : pending.messages(),
                pending == null ? null : pending.oldest(),
                dead == null ? 0 : dead.messages(),
                dead == null ? null : dead.oldest());
    }

    /** Addresses were checked when they were stored. */
    private static String host(String endpoint) {
        var host = URI.create(endpoint).getHost();
        return host == null ? "unknown" : host;
    }
}
