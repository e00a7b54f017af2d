package io.syncline.scheduler.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContentHashTest {

    private static final String REQUIRED =
            "\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/billing\",\"type\":\"extract.ready\"";

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String structured(String members) {
        return ContentHash.of(CloudEventReader.structured(bytes("{" + REQUIRED + members + "}")));
    }

    private static String ofData(String data) {
        return structured(",\"data\":" + data);
    }

    private static String binary(Map<String, String> more, String body) {
        var headers = new HashMap<>(
                Map.of("ce-specversion", "1.0", "ce-id", "1", "ce-source", "/billing", "ce-type", "extract.ready"));
        headers.putAll(more);
        return ContentHash.of(CloudEventReader.binary(headers, bytes(body)));
    }

    @Test
    void oneEventHashesTheSameByEveryTransport() {
        var data = "{\"rows\":3,\"name\":\"ü\"}";
        var hash = ofData(data);

        assertThat(hash).hasSize(64);
        assertThat(binary(Map.of("content-type", "application/json"), data)).isEqualTo(hash);
        assertThat(binary(Map.of("content-type", "Application/JSON; charset=utf-8"), data))
                .isEqualTo(hash);
        assertThat(structured(",\"datacontenttype\":\"application/json\",\"data\":" + data))
                .isEqualTo(hash);
        assertThat(structured(",\"data_base64\":\"" + Base64.getEncoder().encodeToString(bytes(data)) + "\""))
                .isEqualTo(hash);
        assertThat(ContentHash.of(CloudEventReader.event(
                        CloudEventReader.batch(bytes("[{" + REQUIRED + ",\"data\":" + data + "}]"))
                                .get(0))))
                .isEqualTo(hash);
    }

    @Test
    void textIsTheSameByEveryTransportToo() {
        var text = structured(",\"datacontenttype\":\"text/plain\",\"data\":\"hello ü\"");

        assertThat(binary(Map.of("content-type", "text/plain"), "hello ü")).isEqualTo(text);
        assertThat(structured(",\"datacontenttype\":\"text/plain; charset=utf-8\",\"data_base64\":\""
                        + Base64.getEncoder().encodeToString(bytes("hello ü")) + "\""))
                .isEqualTo(text);
    }

    @Test
    void theOrderOfMembersAndWhitespaceDoNotMatter() {
        assertThat(ofData("{\"b\": [1, 2], \"a\": {\"y\": null, \"x\": true}}"))
                .isEqualTo(ofData("{\"a\":{\"x\":true,\"y\":null},\"b\":[1,2]}"));
        assertThat(ContentHash.of(CloudEventReader.structured(bytes(
                        "{\"type\":\"extract.ready\",\"source\":\"/billing\",\"id\":\"1\",\"specversion\":\"1.0\"}"))))
                .isEqualTo(structured(""));
    }

    @Test
    void traceAttributesDoNotMatterButAllOthersDo() {
        var plain = structured("");

        assertThat(structured(",\"traceparent\":\"00-a-b-01\",\"tracestate\":\"x=1\""))
                .isEqualTo(plain);
        assertThat(structured(",\"subject\":\"s\"")).isNotEqualTo(plain);
        assertThat(structured(",\"custom\":\"s\"")).isNotEqualTo(plain);
        assertThat(structured(",\"data\":{}")).isNotEqualTo(plain);
        assertThat(ofData("[1,2]")).isNotEqualTo(ofData("[2,1]"));
    }

    @Test
    void theTimeIsComparedAsText() {
        assertThat(structured(",\"time\":\"2026-11-20T12:00:00Z\""))
                .isNotEqualTo(structured(",\"time\":\"2026-11-20T12:00:00.0Z\""));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1.0",
        "100, 1e2",
        "0, -0",
        "0, -0.0",
        "0.5, 5e-1",
        "1e21, 1000000000000000000000.0",
        "1e-7, 0.0000001"
    })
    void numbersOfOneValueAreEqual(String one, String other) {
        assertThat(ofData(one)).isEqualTo(ofData(other));
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "0.1, 0.10000000000000002", "1, '\"1\"'", "0, false", "0, null", "'\"a\"', '\"A\"'"})
    void othersAreNot(String one, String other) {
        assertThat(ofData(one)).isNotEqualTo(ofData(other));
    }

    @ParameterizedTest
    @ValueSource(strings = {"9007199254740991", "-9007199254740991", "1.7976931348623157e308"})
    void theLastExactNumbersAreTaken(String number) {
        assertThat(ofData("{\"n\":" + number + "}")).hasSize(64);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"9007199254740992", "-9007199254740992", "123456789012345678901234567890", "1e999", "-1e999"})
    void numbersThatNobodyReadsAlikeAreRefusedWithTheirPlace(String number) {
        assertThatThrownBy(() -> ofData("{\"a\":[0,{\"b/c\":" + number + "}]}"))
                .isInstanceOfSatisfying(MalformedEventException.class, e -> {
                    assertThat(e.status()).isEqualTo(422);
                    assertThat(e.faults())
                            .extracting(MalformedEventException.Fault::place)
                            .containsExactly("/data/a/1/b~1c");
                });
    }

    @Test
    void anyShuffleOfAnyDocumentHashesTheSame() {
        var random = new Random(20261120);
        for (int i = 0; i < 300; i++) {
            var seed = random.nextLong();
            var one = document(new Random(seed), new Random(1), 4);
            var other = document(new Random(seed), new Random(2), 4);

            assertThat(ofData(one)).as(one).isEqualTo(ofData(other));
        }
    }

    /** Content by the first source of chance, order and spacing by the second. */
    private static String document(Random content, Random order, int depth) {
        int kind = content.nextInt(depth == 0 ? 4 : 6);
        return switch (kind) {
            case 0 -> Integer.toString(content.nextInt());
            case 1 -> content.nextDouble() * 1000 + (order.nextBoolean() ? "e0" : "");
            case 2 -> "\"" + Integer.toString(content.nextInt(), 36) + "ü\\n\"";
            case 3 -> content.nextBoolean() ? "true" : "null";
            case 4 -> {
                var elements = new ArrayList<String>();
                for (int i = content.nextInt(4); i > 0; i--) {
                    elements.add(document(content, order, depth - 1));
                }
                yield "[" + String.join(order.nextBoolean() ? "," : " ,\n ", elements) + "]";
            }
            default -> {
                List<String> members = new ArrayList<>();
                for (int i = content.nextInt(4); i > 0; i--) {
                    members.add("\"m" + i + "\":" + document(content, order, depth - 1));
                }
                Collections.shuffle(members, order);
                yield "{" + String.join(",", members) + "}";
            }
        };
    }

    @Test
    void sourceAndIdMakeOneKeyThatOthersCannotImitate() {
        assertThat(ContentHash.dedupKey("/a", "b")).isEqualTo(ContentHash.dedupKey("/a", "b"));
        assertThat(ContentHash.dedupKey("/a", "b")).isNotEqualTo(ContentHash.dedupKey("/ab", ""));
        assertThat(ContentHash.dedupKey("/a", "b\nc")).isNotEqualTo(ContentHash.dedupKey("/a", "bc"));
    }
}
