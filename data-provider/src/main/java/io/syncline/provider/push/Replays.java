package io.syncline.provider.push;

import io.syncline.outbox.Outbox;
import io.syncline.provider.change.ChangeCursor;
import io.syncline.provider.change.ChangeLog;
import io.syncline.provider.problem.ProblemException;
import io.syncline.provider.request.Caller;
import io.syncline.provider.request.RequestKeys;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Sends again: one delivery, the dead ones of a time, or the log from a cursor on. */
@Service
class Replays {

    private static final int MOST_AT_ONCE = 1000;

    private final JdbcSubscriptions subscriptions;
    private final JdbcDeliveries deliveries;
    private final Outbox outbox;
    private final ChangeLog log;
    private final RequestKeys keys;

    Replays(
            JdbcSubscriptions subscriptions,
            JdbcDeliveries deliveries,
            Outbox outbox,
            ChangeLog log,
            RequestKeys keys) {
        this.subscriptions = subscriptions;
        this.deliveries = deliveries;
        this.outbox = outbox;
        this.log = log;
        this.keys = keys;
    }

    /** Exactly one of the ways is not null; all but the first name a subscription. */
    record Wish(
            @Nullable String deliveryId,
            @Nullable String subscription,
            @Nullable Instant deadSince,
            @Nullable String after) {}

    /**
     * @param replayed deliveries that wait for their turn again
     * @param more whether there are further dead ones: ask again
     * @param fromSeq with which change the log is told again; null where it is not
     */
    record Replayed(int replayed, boolean more, @Nullable Long fromSeq) {}

    Replayed replay(Wish wish, Caller caller, @Nullable String key, String request) {
        return keys.once(caller, "/deliveries/replay", key, request, Replayed.class, now -> replay(wish))
                .answer();
    }

    private Replayed replay(Wish wish) {
        if (wish.deliveryId() != null) {
            return one(wish.deliveryId());
        }
        var subscription = subscriptions
                .byKey(String.valueOf(wish.subscription()))
                .orElseThrow(() -> ProblemException.invalid("Name a subscription")
                        .error("pointer", "/subscription", "there is no such subscription", "unknown"));
        if (!subscription.enabled()) {
            throw ProblemException.of(409, "subscription-disabled", "The subscription is disabled")
                    .detail("PUT /subscriptions/{key} enables it again");
        }
        return wish.deadSince() != null
                ? dead(subscription, wish.deadSince())
                : from(subscription, String.valueOf(wish.after()));
    }

    private Replayed one(String id) {
        if (deliveries.find(id).isEmpty()) {
            throw ProblemException.of(404, "no-such-delivery", "There is no such delivery")
                    .detail("GET /deliveries lists those that are kept");
        }
        if (!outbox.replay(id)) {
            throw ProblemException.of(409, "delivery-pending", "The delivery has not ended")
                    .detail("It is sent by itself; only one that is DELIVERED or DEAD can be sent again");
        }
        return new Replayed(1, false, null);
    }

    private Replayed dead(Subscription subscription, Instant since) {
        var ids = deliveries.deadSince(subscription, since, MOST_AT_ONCE);
        int replayed = (int) ids.stream().filter(outbox::replay).count();
        return new Replayed(replayed, ids.size() == MOST_AT_ONCE, null);
    }

    private Replayed from(Subscription subscription, String cursor) {
        var after = ChangeCursor.read(subscription.dataset(), cursor)
                .orElseThrow(() -> ProblemException.invalid("Send a cursor of the subscription's dataset")
                        .error("pointer", "/after", "is a nextCursor of this dataset's feed", "cursor"));
        var feed = log.feed(subscription.dataset());
        if (after < feed.first() - 1 || after > feed.last()) {
            throw ProblemException.of(410, "changes-gone", "The changes behind this cursor are not kept")
                    .detail("The subscriber has to take an extract of the dataset")
                    .member("firstSeq", feed.first())
                    .member("lastSeq", feed.last());
        }
        subscriptions.lock(subscription.id());
        subscriptions.advance(subscription.id(), after);
        return new Replayed(0, false, after + 1);
    }
}
