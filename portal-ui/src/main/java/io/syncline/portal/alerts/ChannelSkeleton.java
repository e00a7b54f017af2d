package io.syncline.portal.alerts;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a document of a new channel begins with. */
enum ChannelSkeleton {
    EMAIL("""
            type: email
            host: mail.example.com
            port: 587
            security: STARTTLS
            user: syncline
            password: …
            from: syncline@example.com
            to: [ops@example.com]
            """),
    SLACK("""
            type: slack
            url: https://hooks.slack.com/services/…
            """),
    PAGERDUTY("""
            type: pagerduty
            routingKey: …
            """),
    ALERTMANAGER("""
            type: alertmanager
            url: https://alertmanager.example.com
            """),
    WEBHOOK("""
            type: webhook
            url: https://ops.example.com/syncline
            secret: whsec_…
            """);

    private final String members;

    ChannelSkeleton(String members) {
        this.members = members;
    }

    String document() {
        return """
                apiVersion: syncline/v1
                kind: Channel
                key: my-channel
                labels: []
                """ + members;
    }

    static ChannelSkeleton of(String type) {
        return Arrays.stream(values())
                .filter(skeleton -> skeleton.type().equals(type))
                .findFirst()
                .orElse(EMAIL);
    }

    String type() {
        return name().toLowerCase(Locale.ROOT);
    }

    static List<String> types() {
        return Arrays.stream(values()).map(ChannelSkeleton::type).toList();
    }
}
