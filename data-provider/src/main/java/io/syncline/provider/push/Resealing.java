package io.syncline.provider.push;

import io.syncline.provider.push.JdbcOldSecrets.OldSecret;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** At the start, seals with the newest key what an older one sealed, so that the older one can be taken away. */
@Component
class Resealing implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Resealing.class);

    private final JdbcSubscriptions subscriptions;
    private final JdbcOldSecrets oldSecrets;
    private final SecretSeal seal;
    private volatile boolean running;

    Resealing(JdbcSubscriptions subscriptions, JdbcOldSecrets oldSecrets, SecretSeal seal) {
        this.subscriptions = subscriptions;
        this.oldSecrets = oldSecrets;
        this.seal = seal;
    }

    @Override
    public void start() {
        running = true;
        int resealed = 0;
        for (var subscription : subscriptions.all()) {
            try {
                resealed += reseal(subscription) ? 1 : 0;
            } catch (IllegalStateException lost) {
                LOG.error("Nothing can be sent to the subscription {}: {}", subscription.key(), lost.getMessage());
            }
        }
        for (var old : oldSecrets.all()) {
            try {
                resealOld(old);
            } catch (IllegalStateException lost) {
                LOG.error("A replaced secret of a subscription signs no more: {}", lost.getMessage());
            }
        }
        if (resealed > 0) {
            LOG.info("The secrets of {} subscriptions were sealed with the newest key", resealed);
        }
    }

    private boolean reseal(Subscription subscription) {
        var id = subscription.id();
        var earlier = subscription.earlierSecret();
        var next = current(subscription.sealedSecret(), id);
        var nextEarlier = earlier == null ? null : current(earlier, id);
        if (next.equals(subscription.sealedSecret()) && (earlier == null || earlier.equals(nextEarlier))) {
            return false;
        }
        return subscriptions.reseal(subscription, next, nextEarlier);
    }

    private void resealOld(OldSecret old) {
        var next = current(old.sealedSecret(), old.subscriptionId());
        if (!next.equals(old.sealedSecret())) {
            oldSecrets.reseal(old, next);
        }
    }

    private String current(String sealed, String id) {
        return seal.isCurrent(sealed, id) ? sealed : seal.seal(seal.open(sealed, id), id);
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
