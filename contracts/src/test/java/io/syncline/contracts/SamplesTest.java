package io.syncline.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The samples, the schemas, the records and the OpenAPI file say the same. */
class SamplesTest {

    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .changeDefaultPropertyInclusion(inclusion ->
                    inclusion.withValueInclusion(com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL))
            .build();

    @ParameterizedTest
    @CsvSource({
        "sync-request, sync-request",
        "status-report-running, status-report",
        "status-report-completed, status-report",
        "status-report-failed, status-report",
        "extract-manifest-ready, extract-manifest",
        "extract-manifest-preparing, extract-manifest",
        "extract-manifest-failed, extract-manifest",
        "change-page, change-page"
    })
    void everySampleFitsItsSchema(String sample, String schema) {
        assertThat(schema(schema).validate(text("samples/" + sample + ".json"), InputFormat.JSON))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "sync-request, io.syncline.contracts.SyncRequest",
        "status-report-running, io.syncline.contracts.StatusReport",
        "status-report-completed, io.syncline.contracts.StatusReport",
        "status-report-failed, io.syncline.contracts.StatusReport",
        "status-report-in-answer, io.syncline.contracts.StatusReport",
        "callback-answer-applied, io.syncline.contracts.CallbackAnswer",
        "callback-answer-duplicate, io.syncline.contracts.CallbackAnswer",
        "extract-manifest-ready, io.syncline.contracts.ExtractManifest",
        "extract-manifest-preparing, io.syncline.contracts.ExtractManifest",
        "extract-manifest-failed, io.syncline.contracts.ExtractManifest",
        "change-page, io.syncline.contracts.ChangePage"
    })
    void everySampleBecomesItsRecordAndTheSameJsonAgain(String sample, Class<?> record) {
        var text = text("samples/" + sample + ".json");

        var read = STRICT.readValue(text, record);

        assertThat(STRICT.valueToTree(read).toPrettyString())
                .isEqualTo(sortedLike(STRICT.valueToTree(read), STRICT.readTree(text))
                        .toPrettyString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"runId", "taskRunId", "attempt", "task", "trigger", "callback"})
    void aSyncRequestWithoutARequiredMemberDoesNotFit(String member) {
        var request = (ObjectNode) STRICT.readTree(text("samples/sync-request.json"));
        request.remove(member);

        assertThat(schema("sync-request").validate(request.toString(), InputFormat.JSON))
                .isNotEmpty();
    }

    @Test
    void anUnknownStatusFitsNeitherTheSchemaNorTheRecord() {
        var report = text("samples/status-report-completed.json").replaceFirst("COMPLETED", "DONE");

        assertThat(schema("status-report").validate(report, InputFormat.JSON)).isNotEmpty();
        assertThatThrownBy(() -> STRICT.readValue(report, StatusReport.class)).isInstanceOf(JacksonException.class);
    }

    @Test
    void aMemberOfTheFutureFitsEverySchema() {
        for (var name : new String[] {"sync-request", "status-report-running", "extract-manifest-ready"}) {
            var sample = (ObjectNode) STRICT.readTree(text("samples/" + name + ".json"));
            sample.put("aMemberOfTheFuture", true);
            var schema = name.startsWith("sync") ? name : name.substring(0, name.lastIndexOf('-'));

            assertThat(schema(schema).validate(sample.toString(), InputFormat.JSON))
                    .isEmpty();
        }
    }

    @Test
    void everyFileThatTheOpenApiFileNamesIsThere() {
        var api = new YAMLMapper().readTree(text("openapi/downstream.yaml"));

        var references = api.findValuesAsString("$ref");
        references.addAll(api.findValuesAsString("externalValue"));

        assertThat(api.path("openapi").asString()).startsWith("3.1");
        assertThat(references).isNotEmpty().allSatisfy(reference -> {
            if (reference.startsWith("../")) {
                assertThat(text(reference.substring(3).replaceFirst("#.*", ""))).isNotBlank();
            } else {
                assertThat(api.at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse();
            }
        });
    }

    private static Schema schema(String name) {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(text("schema/" + name + ".schema.json"), InputFormat.JSON);
    }

    /** The sample's members in the record's order, so that texts can be compared. */
    private static JsonNode sortedLike(JsonNode model, JsonNode sample) {
        if (!model.isObject() || !sample.isObject()) {
            return sample;
        }
        var sorted = STRICT.createObjectNode();
        for (var member : model.properties()) {
            if (sample.has(member.getKey())) {
                sorted.set(member.getKey(), sortedLike(member.getValue(), sample.get(member.getKey())));
            }
        }
        for (var member : sample.properties()) {
            if (!sorted.has(member.getKey())) {
                sorted.set(member.getKey(), member.getValue());
            }
        }
        return sorted;
    }

    private static String text(String resource) {
        try (InputStream stream = SamplesTest.class.getClassLoader().getResourceAsStream(resource)) {
            assertThat(stream).as(resource).isNotNull();
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
