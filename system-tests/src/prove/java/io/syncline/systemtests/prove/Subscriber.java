package io.syncline.systemtests.prove;

import io.syncline.systemtests.api.Http;
import io.syncline.systemtests.history.History;

/** To whom the provider pushes each change of a person. */
final class Subscriber implements AutoCloseable {

    private final History history;
    private final Webhook webhook;

    Subscriber(History history) {
        this.history = history;
        webhook = new Webhook(this::pushed);
    }

    Webhook webhook() {
        return webhook;
    }

    private void pushed(String id, byte[] body, int status) {
        var change = Http.JSON.readTree(body).path("data");
        history.add(
                "subscriber",
                "pushed",
                "event",
                id,
                "key",
                change.path("key").asString(""),
                "seq",
                change.path("seq").asLong(0),
                "status",
                status);
    }

    @Override
    public void close() {
        webhook.close();
    }
}
