package io.syncline.scheduler.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is kept of a call, and that no secret is in it. */
class SentTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String BODY = "{\"task\":\"load\",\"callback\":{\"token\":\"callback-planted-1\"}}";

    private final HttpCalls http = new HttpCalls(OutboundProperties.standard());

    @AfterEach
    void close() {
        http.close();
    }

    @Test
    void aSecretIsShownByAFingerprintThatTellsTwoApart() {
        var first =
                request(sent(bearer("planted-one"), "/sync", "{}"), null, "").path("headers");
        var again =
                request(sent(bearer("planted-one"), "/sync", "{}"), null, "").path("headers");
        var other =
                request(sent(bearer("planted-two"), "/sync", "{}"), null, "").path("headers");

        assertThat(first.path("Authorization").asString()).matches("Bearer ••••[0-9a-f]{6}");
        assertThat(again).isEqualTo(first);
        assertThat(other).isNotEqualTo(first);
    }

    @Test
    void bodiesKeepTheirMembersAndLoseTheirSecrets() {
        var transcript = JSON.readTree(sent(bearer("planted-bearer"), "/sync", BODY)
                .transcript(
                        Map.of("content-type", "application/json"),
                        bytes("{\"rows\": 12.50, \"ok\": true, \"none\": null}")));

        var sent = JSON.readTree(transcript.at("/request/body/text").asString());
        assertThat(sent.path("task").asString()).isEqualTo("load");
        assertThat(sent.at("/callback/token").asString()).matches("••••[0-9a-f]{6}");
        assertThat(transcript.at("/request/body/bytes").asInt()).isEqualTo(BODY.length());
        assertThat(transcript.at("/answer/body/text").asString())
                .isEqualTo("{\"rows\":12.50,\"ok\":true,\"none\":null}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"received\": \"callback-planted-1\", \"by\": \"planted-bearer\"}",
                "{\"password\": \"planted-answer\", \"deep\": [{\"apiKey\": \"planted-answer\", \"pin_token\": 123456789}]}",
                "{\"credentials\": {\"user\": \"planted-answer\", \"all\": [\"planted-answer\"]}}",
                "{\"message\": \"Authorization: Bearer planted-answer was refused\"}",
                "{\"message\": \"login failed: password=planted-answer; retry\"}",
                "{\"message\": \"eyJhbGciOiJFUzI1NiJ9.planted-answer.planted-answer\"}",
                "{\"planted-bearer\": 1}",
                "no JSON: api_key=planted-answer&x=1, secret: 'planted-answer' and callback-planted-1",
                "<error><dbPassword>planted-answer</dbPassword></error>",
                "{\"password\": \"planted-answer\", broken"
            })
    void noSecretOfAnAnswerIsKept(String answer) {
        var transcript = sent(bearer("planted-bearer"), "/sync?api_key=planted-query&plain=shown", BODY)
                .transcript(
                        Map.of(
                                "set-cookie", "planted-answer",
                                "location", "/there?token=planted-answer&page=2",
                                "x-internal", "planted-answer",
                                "server", "planted-bearer"),
                        bytes(answer));

        assertThat(transcript).doesNotContain("planted", "123456789").contains("plain=shown", "page=2");
    }

    @Test
    void whatProvesIsHiddenWhereverItStands() {
        var pair = Base64.getEncoder().encodeToString(bytes("user:planted-password"));
        var basic = Proof.ofHeader("Authorization", "Basic " + pair, http);
        var key = Proof.ofHeader("X-Plans", "planted-key", http);
        var query = Proof.ofQuery("k=planted%2Fkey", http);

        assertThat(sent(basic, "/sync", "{}").transcript(Map.of(), bytes("said planted-password")))
                .doesNotContain("planted", pair)
                .contains("Basic ••••");
        assertThat(sent(key, "/sync", "{}").transcript(Map.of(), bytes("{\"echo\": \"planted-key\"}")))
                .doesNotContain("planted");
        assertThat(sent(query, query.on("/sync?a=1"), "{}").transcript(Map.of(), bytes("{\"echo\": \"planted/key\"}")))
                .doesNotContain("planted")
                .contains("http://127.0.0.1:8082/sync?a=1&k=••••");
    }

    @Test
    void aLongBodyIsCutAndItsDigestIsThatOfAllOfIt() {
        var rows = "{\"rows\":[" + "\"0123456789\",".repeat(20_000) + "\"end\"],\"password\":\"planted-late\"}";

        var answer = JSON.readTree(sent(bearer("planted"), "/sync", "{}").transcript(Map.of(), bytes(rows)))
                .at("/answer/body");

        assertThat(answer.path("text").asString()).hasSize(64 * 1024).startsWith("{\"rows\":[\"0123456789\"");
        assertThat(answer.path("bytes").asInt()).isEqualTo(rows.length());
        assertThat(answer.path("cut").asBoolean()).isTrue();
        assertThat(answer.path("sha256").asString()).isEqualTo(HexFormat.of().formatHex(Secrets.sha256(bytes(rows))));
    }

    @Test
    void aSecretAcrossTheCutOfALongTextIsHidden() {
        var text = "x".repeat(64 * 1024 - 20) + " token=planted-across-the-cut " + "y".repeat(100_000);

        var kept = sent(bearer("other-secret"), "/sync", "{}").transcript(Map.of(), bytes(text));

        assertThat(kept).doesNotContain("planted");
    }

    @Test
    void whatIsNoTextIsKeptByItsDigestAlone() {
        var answer = JSON.readTree(
                        sent(bearer("planted"), "/sync", "{}").transcript(Map.of(), new byte[] {(byte) 0xff, 0, 1, 2}))
                .at("/answer/body");

        assertThat(answer.has("text")).isFalse();
        assertThat(answer.path("bytes").asInt()).isEqualTo(4);
        assertThat(answer.path("sha256").asString()).hasSize(64);
    }

    @Test
    void withoutAnAnswerTheRequestIsKept() {
        var transcript = JSON.readTree(sent(bearer("planted"), "/sync", BODY).transcript(null, null));

        assertThat(transcript.has("answer")).isFalse();
        assertThat(transcript.at("/request/method").asString()).isEqualTo("POST");
        assertThat(transcript.at("/request/url").asString()).isEqualTo("http://127.0.0.1:8082/sync");
        assertThat(transcript.at("/request/headers").propertyNames())
                .containsExactlyInAnyOrder("Authorization", "Idempotency-Key", "Content-Type");
    }

    private Proof bearer(String token) {
        return Proof.ofHeader("Authorization", "Bearer " + token, http);
    }

    private static JsonNode request(Sent sent, @Nullable Map<String, String> headers, String body) {
        return JSON.readTree(sent.transcript(headers, bytes(body))).path("request");
    }

    private static Sent sent(Proof proof, String path, String body) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("Idempotency-Key", "\"t.1\"");
        headers.put("X-Anything", "planted-elsewhere");
        headers.putAll(proof.headers());
        return new Sent(
                new HttpExchange.Request(
                        "POST", host(), path, headers, HttpExchange.JSON, bytes(body), Duration.ofSeconds(1), 1 << 20),
                proof);
    }

    private static HttpHost host() {
        try {
            return new HttpHost(
                    "http", InetAddress.getByAddress("127.0.0.1", new byte[] {127, 0, 0, 1}), "127.0.0.1", 8082);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
