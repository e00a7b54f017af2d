package io.syncline.scheduler.catalog;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** How a channel reaches people, and which of its members are secret. */
public enum ChannelType {
    EMAIL("email", Set.of("host", "port", "security", "user", "from", "to"), Set.of("password")),
    /** An incoming webhook of Slack or Teams; who knows the address may write, so it is the secret. */
    SLACK("slack", Set.of(), Set.of("url")),
    PAGERDUTY("pagerduty", Set.of("url"), Set.of("routingKey")),
    ALERTMANAGER("alertmanager", Set.of("url", "user"), Set.of("password")),
    WEBHOOK("webhook", Set.of("url"), Set.of("secret"));

    private final String wire;
    private final Set<String> members;
    private final Set<String> secrets;

    ChannelType(String wire, Set<String> members, Set<String> secrets) {
        this.wire = wire;
        this.members = members;
        this.secrets = secrets;
    }

    public String wire() {
        return wire;
    }

    Set<String> members() {
        return members;
    }

    Set<String> secrets() {
        return secrets;
    }

    static Optional<ChannelType> ofWire(String text) {
        return Arrays.stream(values()).filter(type -> type.wire.equals(text)).findFirst();
    }
}
