package io.syncline.scheduler.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import io.syncline.outbox.DeliveryResult;
import io.syncline.outbox.WebhookSigner;
import io.syncline.scheduler.catalog.Channel;
import io.syncline.scheduler.catalog.ChannelType;
import io.syncline.scheduler.outbound.WaysOut;
import io.syncline.scheduler.testing.SettableClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What each kind of channel sends, seen by the one that gets it. */
class ChannelSendersTest {

    private static final Instant NOON = SettableClock.NOON;
    private static final JsonMapper JSON = new JsonMapper();
    private static final String SECRET = WebhookSigner.newSecret();
    private static final String PASSWORD = "canary-Zq8vT3mX";

    private final WaysOut ways = new WaysOut("http://127.0.0.1:*", "smtp://127.0.0.1:*", "smtps://127.0.0.1:*");
    private final HttpSender http =
            new HttpSender(ways.posts(), SettableClock.atNoon(), "https://sync.example.com", Duration.ofDays(7));
    private final MailSender mail = new MailSender(ways.mailServers(), new MailHealth(System::nanoTime));
    private final Map<String, String> headers = new HashMap<>();
    private HttpServer server;
    private volatile int answer = 202;
    private byte[] body = {};
    private String path = "";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            body = exchange.getRequestBody().readAllBytes();
            path = exchange.getRequestURI().toString();
            headers.clear();
            exchange.getRequestHeaders().forEach((name, values) -> headers.put(name.toLowerCase(), values.get(0)));
            if (answer == 429) {
                exchange.getResponseHeaders().add("Retry-After", "7");
            }
            exchange.sendResponseHeaders(answer, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        ways.close();
    }

    @Test
    void slackGetsOneTextWithTheLinks() {
        var channel = channel(ChannelType.SLACK, "{}", Map.of("url", url("/services/T0/B0/x")));

        assertThat(http.send(channel, notice(MessageKind.TRIGGER))).isEqualTo(DeliveryResult.delivered());

        assertThat(path).isEqualTo("/services/T0/B0/x");
        assertThat(headers.get("content-type")).startsWith("application/json");
        assertThat(json().size()).isEqualTo(1);
        assertThat(json().get("text").stringValue())
                .startsWith("12 task runs of 3 groups failed: REFUSED 403 at data-consumer\n")
                .contains("https://sync.example.com/api/v1/runs/r1", "and 11 more");
    }

    @Test
    void pagerDutyOpensTakesUpAndClosesOneIncidentByItsKey() {
        var channel =
                channel(ChannelType.PAGERDUTY, "{\"url\": \"" + url("/v2/enqueue") + "\"}", Map.of("routingKey", "R0"));

        http.send(channel, notice(MessageKind.TRIGGER));
        var trigger = json();
        http.send(channel, notice(MessageKind.ACKNOWLEDGE));
        var acknowledge = json();
        http.send(channel, notice(MessageKind.RESOLVE));
        var resolve = json();

        assertThat(trigger.get("event_action").stringValue()).isEqualTo("trigger");
        assertThat(trigger.get("routing_key").stringValue()).isEqualTo("R0");
        assertThat(trigger.at("/payload/summary").stringValue()).startsWith("12 task runs of 3 groups failed");
        assertThat(trigger.at("/payload/source").stringValue()).isEqualTo("data-consumer");
        assertThat(trigger.at("/payload/severity").stringValue()).isEqualTo("critical");
        assertThat(trigger.at("/links/0/href").stringValue()).isEqualTo("https://sync.example.com/api/v1/runs/r1");
        assertThat(acknowledge.get("event_action").stringValue()).isEqualTo("acknowledge");
        assertThat(resolve.get("event_action").stringValue()).isEqualTo("resolve");
        assertThat(List.of(trigger, acknowledge, resolve))
                .extracting(event -> event.get("dedup_key").stringValue())
                .containsOnly("syncline/i1");
    }

    @Test
    void alertmanagerGetsAnAlertThatEndsWithTheIncident() {
        var channel = channel(
                ChannelType.ALERTMANAGER,
                "{\"url\": \"" + url("/am/") + "\", \"user\": \"u\"}",
                Map.of("password", PASSWORD));

        http.send(channel, notice(MessageKind.TRIGGER));
        var opened = json().get(0);
        assertThat(path).isEqualTo("/am/api/v2/alerts");
        assertThat(headers.get("authorization")).startsWith("Basic ");
        http.send(channel, notice(MessageKind.RESOLVE));
        var closed = json().get(0);

        assertThat(opened.at("/labels/alertname").stringValue()).isEqualTo("SynclineRefused");
        assertThat(opened.at("/labels/severity").stringValue()).isEqualTo("critical");
        assertThat(opened.get("startsAt").stringValue()).isEqualTo(NOON.toString());
        assertThat(Instant.parse(opened.get("endsAt").stringValue())).isAfter(NOON.plus(Duration.ofDays(1)));
        assertThat(closed.get("labels")).isEqualTo(opened.get("labels"));
        assertThat(closed.get("endsAt").stringValue())
                .isEqualTo(NOON.plusSeconds(3).toString());
    }

    @Test
    void aWebhookIsASignedCloudEvent() {
        var channel = channel(ChannelType.WEBHOOK, "{\"url\": \"" + url("/hook") + "\"}", Map.of("secret", SECRET));

        http.send(channel, notice(MessageKind.ESCALATE));

        assertThat(headers.get("webhook-id")).isEqualTo("m1");
        assertThat(new WebhookSigner(List.of(SECRET))
                        .verify(
                                headers.get("webhook-id"),
                                headers.get("webhook-timestamp"),
                                headers.get("webhook-signature"),
                                body,
                                NOON))
                .isEqualTo(WebhookSigner.Verdict.GENUINE);
        assertThat(json().get("type").stringValue()).isEqualTo("io.syncline.alert.escalate");
        assertThat(json().get("id").stringValue()).isEqualTo("m1");
        assertThat(json().at("/data/alertId").stringValue()).isEqualTo("i1");
        assertThat(json().at("/data/count").intValue()).isEqualTo(12);
    }

    @Test
    void whatMayPassIsTriedAgainAndWhatCannotIsGivenUp() {
        var channel = channel(ChannelType.WEBHOOK, "{\"url\": \"" + url("/hook") + "\"}", Map.of("secret", SECRET));

        answer = 503;
        assertThat(http.send(channel, notice(MessageKind.TRIGGER))).isInstanceOf(DeliveryResult.Retry.class);
        answer = 429;
        assertThat(http.send(channel, notice(MessageKind.TRIGGER)))
                .isInstanceOfSatisfying(
                        DeliveryResult.Retry.class,
                        retry -> assertThat(retry.after()).isEqualTo(Duration.ofSeconds(7)));
        answer = 401;
        assertThat(http.send(channel, notice(MessageKind.TRIGGER)))
                .as("the secret may be set right")
                .isInstanceOf(DeliveryResult.Retry.class);
        answer = 302;
        assertThat(http.send(channel, notice(MessageKind.TRIGGER))).isInstanceOf(DeliveryResult.Retry.class);
        answer = 400;
        assertThat(http.send(channel, notice(MessageKind.TRIGGER))).isInstanceOf(DeliveryResult.Dead.class);
        server.stop(0);
        assertThat(http.send(channel, notice(MessageKind.TRIGGER)))
                .isInstanceOfSatisfying(
                        DeliveryResult.Retry.class,
                        retry -> assertThat(retry.cause()).contains("refused"));
    }

    @Test
    void noChannelLeadsToADestinationThatIsNotApproved() {
        var webhook =
                channel(ChannelType.WEBHOOK, "{\"url\": \"https://evil.example.com/\"}", Map.of("secret", SECRET));
        var mailbox = email("evil.example.com", 25, null);

        assertThat(http.send(webhook, notice(MessageKind.TRIGGER)))
                .isInstanceOfSatisfying(
                        DeliveryResult.Retry.class,
                        retry -> assertThat(retry.cause()).contains("is not approved"));
        assertThat(mail.send(mailbox, notice(MessageKind.TRIGGER)))
                .isInstanceOfSatisfying(
                        DeliveryResult.Retry.class,
                        retry -> assertThat(retry.cause()).contains("is not approved"));
    }

    @Test
    void mailReachesAllRecipientsAsOneThread() throws Exception {
        var post = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        post.start();
        try {
            var channel = email("127.0.0.1", post.getSmtp().getPort(), null);

            assertThat(mail.send(channel, notice(MessageKind.TRIGGER))).isEqualTo(DeliveryResult.delivered());
            assertThat(mail.send(channel, notice(MessageKind.RESOLVE))).isEqualTo(DeliveryResult.delivered());

            var subjects = new java.util.ArrayList<String>();
            for (var message : post.getReceivedMessages()) {
                subjects.add(message.getSubject());
            }
            var title = "12 task runs of 3 groups failed: REFUSED 403 at data-consumer";
            assertThat(subjects).containsExactlyInAnyOrder(title, title, "Recovered: " + title, "Recovered: " + title);
            var first = post.getReceivedMessages()[0];
            assertThat(first.getContent().toString()).contains("https://sync.example.com/api/v1/runs/r1");
            assertThat(first.getHeader("References")).containsExactly("<i1@syncline>");
            assertThat(first.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        } finally {
            post.stop();
        }
    }

    @Test
    void aWrongPasswordIsTriedAgainAndNeverTold() {
        var post = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        post.start();
        post.setUser("ops@example.com", "ops", "another");
        try {
            var result = mail.send(email("127.0.0.1", post.getSmtp().getPort(), "ops"), notice(MessageKind.TRIGGER));

            assertThat(result).isInstanceOf(DeliveryResult.Retry.class);
            assertThat(result.toString()).doesNotContain(PASSWORD);
        } finally {
            post.stop();
        }
    }

    @Test
    void aMailServerThatIsDownOrSaysNothingIsTriedAgain() throws IOException {
        int free;
        try (var socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }

        assertThat(mail.send(email("127.0.0.1", free, null), notice(MessageKind.TRIGGER)))
                .isInstanceOfSatisfying(
                        DeliveryResult.Retry.class,
                        retry -> assertThat(retry.cause()).contains("no mail could be sent over 127.0.0.1:" + free));
    }

    @Test
    void aServerWhoseCertificateIsNotTrustedGetsNothingAndTheMessageStays() {
        var post = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTPS));
        post.start();
        post.setUser("ops@example.com", "ops", PASSWORD);
        try {
            var channel = email("127.0.0.1", post.getSmtps().getPort(), "ops", "TLS");

            assertThat(mail.send(channel, notice(MessageKind.TRIGGER)))
                    .isInstanceOfSatisfying(
                            DeliveryResult.Retry.class,
                            retry -> assertThat(retry.cause())
                                    .contains("its certificate is not trusted here")
                                    .doesNotContain(PASSWORD));

            assertThat(post.getReceivedMessages()).isEmpty();
        } finally {
            post.stop();
        }
    }

    @Test
    void aServerThatOffersNoStarttlsGetsNothingAndTheMessageStays() {
        var post = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        post.start();
        post.setUser("ops@example.com", "ops", PASSWORD);
        try {
            for (var user : new String[] {null, "ops"}) {
                var channel = email("127.0.0.1", post.getSmtp().getPort(), user, "STARTTLS");

                assertThat(mail.send(channel, notice(MessageKind.TRIGGER)))
                        .isInstanceOfSatisfying(
                                DeliveryResult.Retry.class,
                                retry -> assertThat(retry.cause()).contains("does not offer STARTTLS"));
            }

            assertThat(post.getReceivedMessages()).isEmpty();
        } finally {
            post.stop();
        }
    }

    @Test
    void afterStarttlsNothingIsSaidToAServerWhoseCertificateIsNotTrusted() throws Exception {
        try (var server = StarttlsServer.start()) {
            var channel = email("127.0.0.1", server.port(), "ops", "STARTTLS");

            assertThat(mail.send(channel, notice(MessageKind.TRIGGER)))
                    .isInstanceOfSatisfying(
                            DeliveryResult.Retry.class,
                            retry -> assertThat(retry.cause()).contains("its certificate is not trusted here"));

            assertThat(server.heard())
                    .startsWith("EHLO syncline", "STARTTLS")
                    .noneMatch(line -> line.startsWith("AUTH"));
        }
    }

    @Test
    void aMailServerThatLetsNobodyInIsShownUntilItDoesOrNobodyTriesIt() throws IOException {
        var nanos = new AtomicLong();
        var health = new MailHealth(nanos::get);
        var sender = new MailSender(ways.mailServers(), health);
        var post = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        post.start();
        var port = post.getSmtp().getPort();
        post.setUser("ops@example.com", "ops", "another");
        try {
            assertThat(health.health().getStatus()).isEqualTo(Status.UP);

            sender.send(email("127.0.0.1", port, "ops"), notice(MessageKind.TRIGGER));
            assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
            assertThat(health.health().getDetails().toString()).isEqualTo("{servers=[smtp://127.0.0.1:" + port + "]}");

            sender.send(email("127.0.0.1", port, null), notice(MessageKind.TRIGGER));
            assertThat(health.health().getStatus()).isEqualTo(Status.UP);
        } finally {
            post.stop();
        }
        sender.send(email("127.0.0.1", port, null), notice(MessageKind.TRIGGER));
        assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);

        nanos.addAndGet(Duration.ofMinutes(5).plusNanos(1).toNanos());
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
    }

    private Channel email(String host, int port, @Nullable String user) {
        return email(host, port, user, "NONE");
    }

    private Channel email(String host, int port, @Nullable String user, String security) {
        return channel(
                ChannelType.EMAIL,
                """
                {"host": "%s", "port": %d, "security": "%s", "from": "syncline@example.com",
                 "to": ["ops@example.com", "boss@example.com"]%s}
                """.formatted(host, port, security, user == null ? "" : ", \"user\": \"" + user + "\""),
                user == null ? Map.of() : Map.of("password", PASSWORD));
    }

    private static Channel channel(ChannelType type, String settings, Map<String, String> secrets) {
        return new Channel("ops", 1, List.of(), type, (ObjectNode) JSON.readTree(settings), secrets, null);
    }

    private String url(String target) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + target;
    }

    private JsonNode json() {
        return JSON.readTree(body);
    }

    private static Notice notice(MessageKind kind) {
        return new Notice(
                "m1",
                kind,
                "i1",
                "REFUSED",
                "critical",
                "12 task runs of 3 groups failed: REFUSED 403 at data-consumer",
                "data-consumer",
                "REFUSED 403 at data-consumer",
                List.of("a", "b", "c"),
                List.of("billing"),
                12,
                NOON,
                NOON.plusSeconds(3),
                List.of(new Notice.Item(
                        "a", "The task run t1 failed.", NOON, "https://sync.example.com/api/v1/runs/r1")),
                11,
                kind == MessageKind.ACKNOWLEDGE ? "alice" : null,
                kind == MessageKind.ACKNOWLEDGE ? "mine" : null,
                "https://sync.example.com/api/v1/alerts/i1");
    }
}
