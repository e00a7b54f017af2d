package io.syncline.scheduler.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.scheduler.catalog.DataSchema.Violation;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class DataSchemaTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static String places(String schema) {
        return DataSchema.faults(JSON.readTree(schema)).stream()
                .map(fault -> fault.code() + " " + fault.pointer())
                .toList()
                .toString();
    }

    private static String found(String schema, String data) {
        assertThat(places(schema)).isEqualTo("[]");
        return DataSchema.of(schema).violations(JSON.readTree(data)).stream()
                .map(Violation::pointer)
                .sorted()
                .toList()
                .toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]                                                   | [wrong-type ]",
                "{\"type\":\"text\"}                                  | [enum /type, type /type]",
                "{\"minimum\":\"1\",\"required\":1}                   | [type /minimum, type /required]",
                "{\"$schema\":\"http://json-schema.org/draft-07/schema#\"} | [not-supported /$schema]",
                "{\"$ref\":\"https://example.com/a\"}                 | [not-supported /$ref]",
                "{\"$ref\":\"file:///etc/passwd\"}                    | [not-supported /$ref]",
                "{\"items\":{\"$dynamicRef\":\"other.json\"}}         | [not-supported /items/$dynamicRef]",
                "{\"properties\":{\"a\":{\"$id\":\"https://a.example\"}}} | [not-supported /properties/a/$id]",
                "{\"$ref\":\"#/$defs/a\"}                             | [invalid-value /$ref]",
                "{\"$ref\":\"#a\"}                                    | [invalid-value /$ref]",
                "{\"$ref\":\"#\"}                                     | [invalid-value ]",
                "{\"properties\":{\"a\":{\"pattern\":\"(\"}}}         | [invalid-value /properties/a/pattern]",
                "{\"pattern\":\"((x{100}){100}){100}\"}              | [out-of-range /pattern]",
                "{\"pattern\":\"(){2147483647}\"}                    | [out-of-range /pattern]",
                "{\"pattern\":\"(a{1,20}b{2}){2,300}[0-9]{4}\"}      | []",
                "{\"patternProperties\":{\"(\":{}}}                   | [invalid-value /patternProperties/(]"
            })
    void aSchemaIsToldWhatIsWrongWithItAndWhere(String schema, String faults) {
        assertThat(places(schema)).isEqualTo(faults);
    }

    @Test
    void aSchemaHasBounds() {
        assertThat(places("{\"title\":\"" + "x".repeat(70_000) + "\"}")).isEqualTo("[out-of-range ]");
        assertThat(places("{\"not\":".repeat(70) + "{}" + "}".repeat(70))).startsWith("[out-of-range /not/not");
    }

    @Test
    void allThatIsWrongIsFoundWithItsPlace() {
        var schema = """
                {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"https://example.com/day",
                 "type":"object","required":["day"],"unevaluatedProperties":false,
                 "$defs":{"count":{"$anchor":"n","type":"integer","minimum":0}},
                 "properties":{"day":{"type":"string","pattern":"^\\\\d{4}-"},"a/b":{"$ref":"#/$defs/count"},
                               "rows":{"type":"array","items":{"$ref":"#n"}},"$ref":{"type":"string"}}}""";

        assertThat(found(schema, "{\"day\":\"2026-11-20\",\"a/b\":1,\"rows\":[1,2],\"$ref\":\"x\"}"))
                .isEqualTo("[]");
        assertThat(found(schema, "{\"day\":\"x\",\"a/b\":-1,\"rows\":[1,\"2\",3.5],\"more\":1}"))
                .isEqualTo("[, /a~1b, /day, /rows/1, /rows/2]");
        assertThat(DataSchema.of(schema).violations(JSON.readTree("[]"))).hasSize(1);
    }

    @Test
    void aSchemaMayReferToItselfWhereTheDataGoesDeeper() {
        var tree = "{\"type\":\"object\",\"properties\":{\"next\":{\"$ref\":\"#\"}},\"required\":[\"n\"]}";

        assertThat(found(tree, "{\"n\":1,\"next\":{\"n\":1,\"next\":{}}}")).isEqualTo("[/next/next]");
    }

    @Test
    void whatCostsTooMuchIsRefusedSoon() {
        var doubling = new StringBuilder("{\"$ref\":\"#/$defs/d0\",\"$defs\":{");
        for (int i = 0; i < 30; i++) {
            doubling.append("\"d%d\":{\"allOf\":[{\"$ref\":\"#/$defs/d%d\"},{\"$ref\":\"#/$defs/d%d\"}]},"
                    .formatted(i, i + 1, i + 1));
        }
        doubling.append("\"d30\":{}}}");
        assertThat(places(doubling.toString())).isEqualTo("[invalid-value ]");

        var schema = DataSchema.of("{\"pattern\":\"(.*a){12}b\"}");
        var startedAt = cpuTime();
        var found = schema.violations(JSON.getNodeFactory().stringNode("a".repeat(60) + "!"));

        assertThat(found)
                .singleElement()
                .satisfies(one -> assertThat(one.code()).isEqualTo("too-costly"));
        assertThat(Duration.ofNanos(cpuTime() - startedAt)).isLessThan(Duration.ofSeconds(5));
        assertThat(schema.violations(JSON.getNodeFactory().stringNode("a".repeat(12) + "b")))
                .isEmpty();
    }

    @Test
    void anExpressionTooDeepToBeReadIsNone() {
        assertThat(places("{\"pattern\":\"" + "(".repeat(30_000) + ")".repeat(30_000) + "\"}"))
                .isEqualTo("[invalid-value /pattern]");
    }

    @Test
    void theCheckEndsWhenEnoughIsFound() {
        var schema = DataSchema.of("{\"items\":{\"type\":\"string\"}}");

        assertThat(schema.violations(JSON.readTree("[" + "1,".repeat(500_000) + "\"\"]")))
                .hasSize(100);
        assertThat(schema.violations(JSON.readTree("[" + "\"\",".repeat(400_000) + "1]")))
                .singleElement()
                .satisfies(one -> assertThat(one.pointer()).isEqualTo("/400000"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"items\":{\"allOf\":[%s]}}             | {\"type\":\"number\"}  | 1",
                "{\"items\":{\"properties\":{%s}}}        | \"@\":{}               | {}",
                "{\"items\":{\"not\":{\"required\":[%s]}}} | \"@\"                  | {}",
                "{\"items\":{\"patternProperties\":{%s}}} | \"@\":{}               | {\"\":1}",
                "{\"allOf\":[%s]}                         | {\"uniqueItems\":true} | #",
                "{\"anyOf\":[%s]}                         | {\"items\":false}      | 1"
            })
    void aLargeSchemaTimesLargeDataIsRefusedSoon(String frame, String member, String element) {
        var members = new StringBuilder();
        for (int i = 0; i < 2_500; i++) {
            members.append(i == 0 ? "" : ",").append(member.replace("@", "p" + i));
        }
        var schema = frame.formatted(members);
        assertThat(places(schema)).isEqualTo("[]");
        var elements = JSON.createArrayNode();
        for (int i = 0; i < 150_000; i++) {
            elements.add(element.equals("#") ? JSON.getNodeFactory().numberNode(i) : JSON.readTree(element));
        }
        var startedAt = cpuTime();

        assertThat(DataSchema.of(schema).violations(elements))
                .singleElement()
                .satisfies(one -> assertThat(one.code()).isEqualTo("too-costly"));
        assertThat(Duration.ofNanos(cpuTime() - startedAt)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void anAlternativeWithManyErrorsLeavesTheOthersTheirSay() {
        var schema = DataSchema.of("{\"oneOf\":[{\"items\":{\"type\":\"string\"}},{\"items\":{\"type\":\"number\"}},"
                + "{\"items\":{\"type\":\"boolean\"}}]}");

        assertThat(schema.violations(JSON.readTree("[" + "1,".repeat(1_000) + "1]")))
                .isEmpty();
        assertThat(schema.violations(JSON.readTree("[" + "null,".repeat(1_000) + "1]")))
                .isNotEmpty();
    }

    /** Of this thread in ns: what the machine does besides does not count. */
    private static long cpuTime() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
