package io.syncline.scheduler.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.syncline.scheduler.trigger.MalformedEventException.Fault;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloudEventReaderTest {

    private static final String REQUIRED =
            "\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/billing\",\"type\":\"extract.ready\"";

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static CloudEvent structured(String members) {
        return CloudEventReader.structured(bytes("{" + REQUIRED + members + "}"));
    }

    private static List<Fault> faults(String body) {
        return catchThrowableOfType(MalformedEventException.class, () -> CloudEventReader.structured(bytes(body)))
                .faults();
    }

    private static List<String> places(String body) {
        return faults(body).stream().map(Fault::place).toList();
    }

    @Test
    void aStructuredEventIsReadWithItsExtensions() {
        var event = structured(
                ",\"subject\":\"2026-11-20\",\"partitionkey\":\"p\",\"time\":\"2026-11-20T12:00:00Z\",\"flag\":true,"
                        + "\"count\":7,\"data\":{\"rows\":3}");

        assertThat(event.source()).isEqualTo("/billing");
        assertThat(event.id()).isEqualTo("1");
        assertThat(event.type()).isEqualTo("extract.ready");
        assertThat(event.subject()).isEqualTo("2026-11-20");
        assertThat(event.partitionKey()).isEqualTo("p");
        assertThat(event.time()).isEqualTo("2026-11-20T12:00:00Z");
        assertThat(event.attributes()).containsEntry("flag", "true").containsEntry("count", "7");
        assertThat(event.data().get("rows").intValue()).isEqualTo(3);
    }

    @Test
    void everythingWrongIsSaidAtOnce() {
        assertThat(places("{\"specversion\":\"0.3\",\"id\":\" \",\"source\":\"a b\",\"time\":\"today\",\"Bad-Name\":1,"
                        + "\"other\":[1],\"subject\":\"\"}"))
                .containsExactlyInAnyOrder(
                        "/specversion", "/id", "/source", "/type", "/time", "/Bad-Name", "/other", "/subject");
    }

    @Test
    void attributesThatAreStringsInTheSpecificationAreNoNumbers() {
        assertThat(faults("{\"specversion\":1.0,\"id\":7,\"source\":5,\"type\":true,\"subject\":20261120}"))
                .allMatch(fault -> fault.code().equals("wrong-type"))
                .extracting(Fault::place)
                .containsExactlyInAnyOrder("/specversion", "/id", "/source", "/type", "/subject");
    }

    @Test
    void dataHasItsDepthHoweverItCame() {
        var deep = "[".repeat(201) + "]".repeat(201);
        var fair = "[".repeat(200) + "]".repeat(200);
        var event = "{" + REQUIRED + ",\"data%s\":%s}";
        var headers =
                Map.of("ce-specversion", "1.0", "ce-id", "1", "ce-source", "/billing", "ce-type", "extract.ready");

        assertThat(places(event.formatted("", deep))).containsExactly("/data");
        assertThat(places(event.formatted("_base64", inBase64(deep)))).containsExactly("/data_base64");
        assertThat(places(event.formatted("", "[".repeat(450) + "]".repeat(450))))
                .containsExactly("/data");
        assertThatThrownBy(() -> CloudEventReader.binary(headers, bytes(deep)))
                .isInstanceOf(MalformedEventException.class);
        var batch = CloudEventReader.batch(bytes("[" + event.formatted("", deep) + "]"));
        assertThatThrownBy(() -> CloudEventReader.event(batch.get(0))).isInstanceOf(MalformedEventException.class);

        assertThat(CloudEventReader.binary(headers, bytes(fair)).data()).isNotNull();
        assertThat(CloudEventReader.structured(bytes(event.formatted("_base64", inBase64(fair)))))
                .isEqualTo(CloudEventReader.structured(bytes(event.formatted("", fair))));
    }

    private static String inBase64(String text) {
        return '"' + Base64.getEncoder().encodeToString(bytes(text)) + '"';
    }

    @Test
    void theParsersOwnWordsStayInside() {
        assertThat(faults("{"))
                .singleElement()
                .satisfies(fault -> assertThat(fault.detail()).doesNotContain("Source:", "Feature"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "nope", "{\"id\":1,}", "[", "\"text", "{\"a\":1} trailing", "{'id':'1'}"})
    void whatIsNoJsonIsMalformed(String body) {
        assertThatThrownBy(() -> CloudEventReader.structured(bytes(body)))
                .isInstanceOfSatisfying(
                        MalformedEventException.class,
                        e -> assertThat(e.status()).isEqualTo(400));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "1", "null", "\"text\"", "true"})
    void anEventIsAnObject(String body) {
        assertThat(places(body)).containsExactly("");
    }

    @Test
    void aMemberGivenTwiceIsMalformed() {
        assertThatThrownBy(() -> structured(",\"id\":\"2\"")).isInstanceOf(MalformedEventException.class);
        assertThatThrownBy(() -> structured(",\"data\":{\"a\":1,\"a\":2}")).isInstanceOf(MalformedEventException.class);
    }

    @Test
    void whatIsNotUtf8IsMalformed() {
        var body = ("{" + REQUIRED + ",\"subject\":\"M\u00fcnchen\"}").getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> CloudEventReader.structured(body))
                .isInstanceOf(MalformedEventException.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    void halfASurrogatePairIsMalformedBecauseNoDatabaseKeepsIt() {
        assertThatThrownBy(() -> structured(",\"subject\":\"\\ud800\"")).isInstanceOf(MalformedEventException.class);
        assertThatThrownBy(() -> structured(",\"data\":{\"a\":[\"\\ud800\"]}"))
                .isInstanceOf(MalformedEventException.class);
        assertThatThrownBy(() -> structured(",\"data\":{\"\\udc00\":1}")).isInstanceOf(MalformedEventException.class);
    }

    @Test
    void attributesHaveTheirLimits() {
        assertThat(structured(",\"subject\":\"" + "s".repeat(512) + "\"").subject())
                .hasSize(512);
        assertThat(places("{" + REQUIRED + ",\"subject\":\"" + "s".repeat(513) + "\",\"partitionkey\":\""
                        + "p".repeat(257) + "\",\"custom\":\"" + "c".repeat(1025) + "\",\"nul\":\"a\\u0000b\"}"))
                .containsExactlyInAnyOrder("/subject", "/partitionkey", "/custom", "/nul");
        assertThat(places("{\"specversion\":\"1.0\",\"id\":\"" + "i".repeat(257) + "\",\"source\":\"/" + "s".repeat(512)
                        + "\",\"type\":\"" + "t".repeat(257) + "\"}"))
                .containsExactlyInAnyOrder("/id", "/source", "/type");
    }

    @Test
    void deepNestingIsMalformedAndNoStackOverflow() {
        var deep = "[".repeat(5000) + "]".repeat(5000);

        assertThatThrownBy(() -> structured(",\"data\":" + deep)).isInstanceOf(MalformedEventException.class);
    }

    @Test
    void dataIsJsonOrBytesByItsContentType() {
        var base64 = Base64.getEncoder().encodeToString(bytes("{\"a\":1}"));

        assertThat(structured(",\"data_base64\":\"" + base64 + "\"")
                        .data()
                        .get("a")
                        .intValue())
                .isEqualTo(1);
        assertThat(structured(",\"datacontenttype\":\"application/octet-stream\",\"data_base64\":\"" + base64 + "\"")
                        .bytes())
                .isEqualTo(bytes("{\"a\":1}"));
        assertThat(structured(",\"datacontenttype\":\"text/plain\",\"data\":\"hello\"")
                        .bytes())
                .isEqualTo(bytes("hello"));
        assertThat(structured(",\"datacontenttype\":\"application/vnd.x+json; charset=utf-8\",\"data\":\"hello\"")
                        .data()
                        .stringValue())
                .isEqualTo("hello");
        assertThat(structured("").data()).isNull();
    }

    @Test
    void badBase64IsMalformed() {
        assertThatThrownBy(() -> structured(",\"data_base64\":\"%%%\"")).isInstanceOf(MalformedEventException.class);
        assertThatThrownBy(() -> structured(",\"data_base64\":7")).isInstanceOf(MalformedEventException.class);
        assertThatThrownBy(() -> structured(",\"data\":1,\"data_base64\":\"MQ==\""))
                .isInstanceOf(MalformedEventException.class);
        assertThatThrownBy(() -> structured(",\"data_base64\":\"" + "e28=" + "\""))
                .isInstanceOf(MalformedEventException.class);
    }

    @Test
    void aBinaryEventIsReadFromItsHeaders() {
        var event = CloudEventReader.binary(
                Map.of(
                        "ce-specversion", "1.0",
                        "ce-id", "1",
                        "ce-source", "/billing",
                        "ce-type", "extract.ready",
                        "ce-subject", "M%C3%BCnchen%20100%25 + 1",
                        "content-type", "application/json; charset=utf-8",
                        "x-other", "ignored"),
                bytes("{\"rows\":3}"));

        assertThat(event.subject()).isEqualTo("München 100% + 1");
        assertThat(event.data().get("rows").intValue()).isEqualTo(3);
        assertThat(event.attributes())
                .containsOnlyKeys("specversion", "id", "source", "type", "subject", "datacontenttype");
    }

    @Test
    void aBinaryEventWithBadHeadersSaysAllOfThem() {
        var thrown = catchThrowableOfType(
                MalformedEventException.class,
                () -> CloudEventReader.binary(
                        Map.of("ce-specversion", "1.0", "ce-bad-name", "x", "ce-time", "noon"), new byte[0]));

        assertThat(thrown.faults())
                .extracting(Fault::place)
                .containsExactlyInAnyOrder("ce-bad-name", "ce-id", "ce-source", "ce-type", "ce-time");
    }

    @Test
    void aPercentSignThatEncodesNothingStays() {
        var event = CloudEventReader.binary(
                Map.of("ce-specversion", "1.0", "ce-id", "50%", "ce-source", "/b", "ce-type", "t"), new byte[0]);

        assertThat(event.id()).isEqualTo("50%");
        assertThat(event.data()).isNull();
        assertThat(event.bytes()).isNull();
    }

    @Test
    void aBinaryBodyThatIsNotWhatItsTypeSaysIsMalformed() {
        var headers = Map.of(
                "ce-specversion",
                "1.0",
                "ce-id",
                "1",
                "ce-source",
                "/b",
                "ce-type",
                "t",
                "content-type",
                "application/json");

        assertThatThrownBy(() -> CloudEventReader.binary(headers, bytes("<html>")))
                .isInstanceOf(MalformedEventException.class);
        assertThatThrownBy(() -> CloudEventReader.binary(headers, bytes("{\"a\":1,\"a\":2}")))
                .isInstanceOf(MalformedEventException.class);
    }

    @Test
    void aBatchIsAnArrayWhoseElementsAreReadOneByOne() {
        var batch = CloudEventReader.batch(bytes("[{" + REQUIRED + "}, 7, {}]"));

        assertThat(batch).hasSize(3);
        assertThat(CloudEventReader.event(batch.get(0)).id()).isEqualTo("1");
        assertThatThrownBy(() -> CloudEventReader.event(batch.get(1))).isInstanceOf(MalformedEventException.class);
        assertThatThrownBy(() -> CloudEventReader.event(batch.get(2))).isInstanceOf(MalformedEventException.class);
        assertThat(CloudEventReader.batch(bytes("[]"))).isEmpty();
        assertThatThrownBy(() -> CloudEventReader.batch(bytes("{}"))).isInstanceOf(MalformedEventException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-20T12:00:00Z", "2026-11-20T12:00:00.123456789+01:00", "2026-11-20t12:00:00z"})
    void timesAreRfc3339(String time) {
        assertThat(structured(",\"time\":\"" + time + "\"").time()).isEqualTo(time);
    }
}
