package io.syncline.client.webhook;

import java.time.Instant;

/** The ids of webhooks whose work was done. */
interface SeenWebhooks {

    /** @return whether the work was done now; work that throws leaves the id unknown */
    boolean once(String id, Instant now, Runnable work);
}
