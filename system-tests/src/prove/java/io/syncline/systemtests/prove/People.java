package io.syncline.systemtests.prove;

import io.syncline.systemtests.api.PlatformApi;
import io.syncline.systemtests.history.History;
import java.util.Map;

/** Who is told of alerts: a webhook that writes down every message, and refuses them for a while where it is told to. */
final class People implements AutoCloseable {

    static final String CHANNEL = "people";

    private final Webhook webhook;

    People(History history) {
        webhook = new Webhook((id, body, status) -> history.add("people", "told", "message", id, "status", status));
    }

    Webhook webhook() {
        return webhook;
    }

    static void put(PlatformApi api, int port) {
        api.put(
                "/api/v1/channels/" + CHANNEL,
                Map.of(
                        "apiVersion",
                        "syncline/v1",
                        "kind",
                        "Channel",
                        "key",
                        CHANNEL,
                        "type",
                        "webhook",
                        "url",
                        "http://127.0.0.1:" + port + "/",
                        "secret",
                        Webhook.SECRET));
    }

    @Override
    public void close() {
        webhook.close();
    }
}
