package io.syncline.scheduler.alert;

import io.syncline.outbox.DeliveryResult;
import io.syncline.outbox.WebhookSigner;
import io.syncline.scheduler.catalog.Channel;
import io.syncline.scheduler.outbound.Posts;
import io.syncline.scheduler.outbound.Reply;
import io.syncline.scheduler.store.DatabaseClock;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Slack, PagerDuty, Alertmanager and signed webhooks: one POST each. */
class HttpSender implements ChannelSender {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String APPLICATION_JSON = "application/json";
    private static final String CLOUD_EVENT = "application/cloudevents+json";

    /** The receiver will say the same of this message each time; it must not hold those behind it. */
    private static final Set<Integer> HOPELESS = Set.of(400, 410, 413, 415, 422);

    private static final int LONGEST_TEXT = 3000;

    private final Posts posts;
    private final DatabaseClock clock;
    private final String publicUrl;
    private final Duration forgetAfter;
    private final JsonMapper json = JsonMapper.builder().build();

    /** @param forgetAfter when a receiver may forget an alert that it has not heard of again */
    HttpSender(Posts posts, DatabaseClock clock, String publicUrl, Duration forgetAfter) {
        this.posts = posts;
        this.clock = clock;
        this.publicUrl = publicUrl;
        this.forgetAfter = forgetAfter;
    }

    private record Request(URI url, Map<String, String> headers, String contentType, byte[] body) {}

    @Override
    public DeliveryResult send(Channel channel, Notice notice) {
        var request = request(channel, notice);
        if (request == null) {
            return DeliveryResult.delivered();
        }
        return judge(posts.post(request.url(), request.headers(), request.contentType(), request.body(), TIMEOUT));
    }

    private static DeliveryResult judge(Reply reply) {
        if (!(reply instanceof Reply.Answer answer)) {
            return DeliveryResult.retry(((Reply.NoAnswer) reply).cause());
        }
        var status = answer.status();
        if (status / 100 == 2) {
            return DeliveryResult.delivered();
        }
        var cause =
                answer.instance() + " answered " + status + (status / 100 == 3 ? "; redirects are not followed" : "");
        return HOPELESS.contains(status)
                ? DeliveryResult.dead(cause)
                : DeliveryResult.retry(retryAfter(answer.headers().get("retry-after")), cause);
    }

    private static @Nullable Duration retryAfter(@Nullable String seconds) {
        try {
            return seconds == null ? null : Duration.ofSeconds(Long.parseLong(seconds.trim()));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private @Nullable Request request(Channel channel, Notice notice) {
        return switch (channel.type()) {
            case SLACK -> notice.kind() == MessageKind.ACKNOWLEDGE ? null : slack(channel, notice);
            case PAGERDUTY -> pagerDuty(channel, notice);
            case ALERTMANAGER -> notice.kind() == MessageKind.ACKNOWLEDGE ? null : alertmanager(channel, notice);
            case WEBHOOK -> webhook(channel, notice);
            case EMAIL -> throw new IllegalStateException("mail does not leave over HTTP");
        };
    }

    private Request slack(Channel channel, Notice notice) {
        var text = notice.text();
        var body = json.createObjectNode();
        body.put("text", text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) + "…" : text);
        return post(channel.address(), Map.of(), APPLICATION_JSON, body);
    }

    /** Events v2; a test opens an incident there and closes it at once, with a key of its own. */
    private Request pagerDuty(Channel channel, Notice notice) {
        var body = json.createObjectNode();
        body.put("routing_key", channel.secret("routingKey"));
        body.put(
                "event_action",
                switch (notice.kind()) {
                    case TRIGGER, UPDATE, ESCALATE -> "trigger";
                    case ACKNOWLEDGE -> "acknowledge";
                    case RESOLVE, TEST -> "resolve";
                });
        body.put("dedup_key", "syncline/" + notice.incidentId());
        if (!notice.isResolved() && notice.kind() != MessageKind.ACKNOWLEDGE) {
            var payload = body.putObject("payload");
            var headline = notice.headline();
            payload.put("summary", headline.length() > 1024 ? headline.substring(0, 1024) : headline);
            payload.put("source", notice.system() == null ? publicUrl : notice.system());
            payload.put("severity", notice.severity());
            payload.put("timestamp", notice.openedAt().toString());
            payload.put("class", notice.condition());
            payload.put("group", String.join(", ", notice.groups()));
            var details = payload.putObject("custom_details");
            details.put("count", notice.count());
            details.put("text", notice.text());
            body.put("client", "Syncline");
            body.put("client_url", notice.link());
            var links = body.putArray("links");
            notice.items().stream()
                    .filter(item -> item.link() != null)
                    .forEach(item -> links.addObject().put("href", item.link()).put("text", item.detail()));
        }
        return post(channel.address(), Map.of(), APPLICATION_JSON, body);
    }

    private Request alertmanager(Channel channel, Notice notice) {
        var alerts = json.createArrayNode();
        var alert = alerts.addObject();
        var labels = alert.putObject("labels");
        labels.put("alertname", "Syncline" + camel(notice.condition()));
        labels.put("incident", notice.incidentId());
        labels.put("condition", notice.condition());
        labels.put("severity", notice.severity());
        putUnlessEmpty(labels, "system", notice.system());
        putUnlessEmpty(labels, "cause", notice.cause());
        var annotations = alert.putObject("annotations");
        annotations.put("summary", notice.title());
        annotations.put("description", notice.text());
        alert.put("startsAt", notice.openedAt().toString());
        boolean ended = notice.isResolved() || notice.kind() == MessageKind.TEST;
        alert.put("endsAt", (ended ? notice.at() : notice.at().plus(forgetAfter)).toString());
        alert.put("generatorURL", notice.link());
        var headers = new LinkedHashMap<String, String>();
        var user = channel.text("user");
        if (user != null) {
            headers.put(
                    "Authorization",
                    "Basic "
                            + Base64.getEncoder()
                                    .encodeToString((user + ":" + channel.secret("password"))
                                            .getBytes(StandardCharsets.UTF_8)));
        }
        var base = channel.address().toString();
        var url = URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + "/api/v2/alerts");
        return new Request(url, headers, APPLICATION_JSON, json.writeValueAsBytes(alerts));
    }

    private Request webhook(Channel channel, Notice notice) {
        var event = json.createObjectNode();
        event.put("specversion", "1.0");
        event.put("id", notice.messageId());
        event.put("source", publicUrl);
        event.put("type", "io.syncline.alert." + notice.kind().name().toLowerCase(java.util.Locale.ROOT));
        event.put("subject", notice.incidentId());
        event.put("time", notice.at().toString());
        event.put("datacontenttype", APPLICATION_JSON);
        var data = event.putObject("data");
        data.put("alertId", notice.incidentId());
        data.put("condition", notice.condition());
        data.put("severity", notice.severity());
        data.put("title", notice.title());
        data.put("text", notice.text());
        putUnlessEmpty(data, "system", notice.system());
        data.put("cause", notice.cause());
        var groups = data.putArray("groups");
        notice.groups().forEach(groups::add);
        data.put("count", notice.count());
        data.put("openedAt", notice.openedAt().toString());
        data.put("link", notice.link());
        putUnlessEmpty(data, "acknowledgedBy", notice.by());
        var items = data.putArray("items");
        notice.items().forEach(item -> {
            var shown = items.addObject();
            putUnlessEmpty(shown, "group", item.group());
            shown.put("detail", item.detail());
            shown.put("since", item.since().toString());
            putUnlessEmpty(shown, "link", item.link());
        });
        data.put("more", notice.more());
        var body = json.writeValueAsBytes(event);
        Instant now = clock.now();
        var secret = String.valueOf(channel.secret("secret"));
        return new Request(
                channel.address(),
                Map.of(
                        WebhookSigner.ID,
                        notice.messageId(),
                        WebhookSigner.TIMESTAMP,
                        Long.toString(now.getEpochSecond()),
                        WebhookSigner.SIGNATURE,
                        new WebhookSigner(List.of(secret)).sign(notice.messageId(), now, body)),
                CLOUD_EVENT,
                body);
    }

    private Request post(URI url, Map<String, String> headers, String contentType, ObjectNode body) {
        return new Request(url, headers, contentType, json.writeValueAsBytes(body));
    }

    private static void putUnlessEmpty(ObjectNode node, String name, @Nullable String text) {
        if (text != null && !text.isEmpty()) {
            node.put(name, text);
        }
    }

    private static String camel(String condition) {
        var camel = new StringBuilder();
        for (var word : condition.split("_", -1)) {
            camel.append(word.charAt(0)).append(word.substring(1).toLowerCase(java.util.Locale.ROOT));
        }
        return camel.toString();
    }
}
