package io.syncline.scheduler.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dashjoin.jsonata.Jsonata;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class MappingTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final JsonNode INPUT = JSON.readTree("""
            {"businessKey": "2026-11-20", "group": "daily", "task": "plans", "parameters": {"dataset": "plans"},
             "trigger": {"source": "/billing", "data": {"region": "eu", "big": 9007199254740993, "nothing": null,
               "items": [{"id": 1, "price": 2.5, "kind": "a"}, {"id": 2, "price": 4, "kind": "b"}]}}}
            """);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '¤',
            value = {
                "{\"region\": trigger.data.region} | {\"region\":\"eu\"}",
                "$merge([parameters, {\"day\": $substring(businessKey, 8)}]) | {\"dataset\":\"plans\",\"day\":\"20\"}",
                "{\"ids\": [trigger.data.items.id], \"sum\": $sum(trigger.data.items.price)} | {\"ids\":[1,2],\"sum\":6.5}",
                "{\"status\": trigger.data.region = 'eu' ? 'COMPLETED' : 'RUNNING'} | {\"status\":\"COMPLETED\"}",
                "($n := $count(trigger.data.items); {\"n\": $n * 2}) | {\"n\":4}",
                "trigger.data.items{kind: price} | {\"a\":2.5,\"b\":4}",
                "{\"first\": trigger.data.items[price > 3].id} | {\"first\":2}",
                "{\"big\": trigger.data.big} | {\"big\":9007199254740993}",
                "{\"text\": `group` & ' $eval(1) /x/' & \"\\\"..\"} | {\"text\":\"daily $eval(1) /x/\\\"..\"}"
            })
    void anExpressionMakesAnObject(String expression, String expected) {
        var mapping = new Mapping(expression);

        assertThat(mapping.fault(Map.of("parameters", Map.of()))).isEmpty();
        assertThat(mapping.apply(INPUT)).isEqualTo(JSON.readTree(expected));
        assertThat(mapping.apply(INPUT)).isEqualTo(mapping.apply(INPUT));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '¤',
            value = {
                "($f := function($n) { $f($n + 1) }; {\"x\": $f(0)}) | functions of its own",
                "($f := λ($n) { $f($n) }; $f(0)) | functions of its own",
                "{\"x\": [1..100000000]} | ranges",
                "{\"x\": $pad('', 1000000000, 'x')} | $pad",
                "{\"x\": $replace('a', 'a', 'b')} | $replace",
                "{\"x\": $match('aaaaaaaaaaaa!', /(a+)+$/)} | regular expressions",
                "{\"x\": $contains('aaaaaaaaaaaa!', /(a+)+$/)} | regular expressions",
                "{\"at\": $now()} | $now",
                "{\"at\": $millis()} | $millis",
                "{\"x\": $random()} | $random",
                "{\"x\": $eval('1')} | $eval",
                "{\"x\": $shuffle([1,2])} | $shuffle",
                "{\"x\": $map([1], $string)} | $map",
                "{\"x\": $round(1.5, 300000000)} | $round",
                "($__evaluate_entry := nope; $__evaluate_exit := nope; $a := \"aaaaaaaaaaaaaaaa\"; {\"n\": 1}) | underscores",
                "{\"x\": $__evaluate_exit} | underscores",
                "($f := `function`($n) { $f($n) }; $f(0)) | functions of its own",
                "($f := `λ`($n) { $f($n) }; $f(0)) | functions of its own",
                "{\"x\": 1 ~> $string} | ~>",
                "{\"x\": **} | descendants",
                "{\"x\": a@$v.b} | joins",
                "{\"x\": $unknown} | $unknown",
                "{\"x\": a\"b} | quote in a name",
                "{\"x\": 1\" \"$now()\" \"} | quote in a name",
                "{\"x\": \"abc} | closing quote",
                "{\"x\": `abc} | closing backtick",
                "{\"x\": | cannot be read",
                "'text' | must give an object",
                "[1, 2] | must give an object"
            })
    void whatCouldRunOnGrowOrChangeIsNoMapping(String expression, String reason) {
        assertThat(new Mapping(expression).fault(Map.of()))
                .hasValueSatisfying(fault -> assertThat(fault).contains(reason));
    }

    @Test
    void aMappingHasItsSize() {
        assertThat(new Mapping("{\"x\": '" + "x".repeat(4100) + "'}").fault(Map.of()))
                .hasValueSatisfying(fault -> assertThat(fault).contains("4096"));
        assertThat(new Mapping("(".repeat(2000) + "1" + ")".repeat(2000)).fault(Map.of()))
                .hasValueSatisfying(fault -> assertThat(fault).contains("brackets"));
        assertThat(new Mapping("{\"x\": " + "-".repeat(4000) + "1}").fault(Map.of()))
                .hasValueSatisfying(fault -> assertThat(fault).containsAnyOf("too deep", "cannot be read"));
        assertThat(new Mapping("{\"x\": 1" + "+1".repeat(2000) + "}").fault(Map.of()))
                .hasValueSatisfying(fault -> assertThat(fault).contains("too deep"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$f := $f",
                "{'x': $string($not($exists(1)), 1, 2, 3)}",
                "{'x': $substring}",
                "trigger.data.missing",
                "trigger.data.region",
                "$number(trigger.data.region)",
                "{'x': trigger.data.items - 1}"
            })
    void whatGivesNoObjectFailsClearlyAndRepeatsNoData(String expression) {
        assertThatThrownBy(() -> new Mapping(expression).apply(INPUT))
                .isInstanceOf(MappingFailedException.class)
                .hasMessageNotContaining("eu");
    }

    @Test
    void littleIsNotMadeIntoMuch() {
        var doubled = new StringBuilder("($a0 := 'xxxxxxxxxxxxxxxx';");
        var nested = new StringBuilder("($a0 := [['x','y']];");
        var appended = new StringBuilder("($a0 := ['x','y'];");
        for (int i = 1; i < 60; i++) {
            doubled.append("$a%d := $a%d & $a%d;".formatted(i, i - 1, i - 1));
            nested.append("$a%d := [[$a%d, $a%d]];".formatted(i, i - 1, i - 1));
            appended.append("$a%d := $append($a%d, $a%d);".formatted(i, i - 1, i - 1));
        }

        for (var bomb : new StringBuilder[] {doubled, nested, appended}) {
            var started = cpuTime();
            assertThatThrownBy(() -> new Mapping(bomb + "{'x': $a59 = $a58})").apply(INPUT))
                    .isInstanceOf(MappingFailedException.class)
                    .hasMessageMatching(".*(longer than 100 ms|too much|64 Ki characters).*");
            assertThat(Duration.ofNanos(cpuTime() - started)).isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void loopsInLoopsAreCutInTime() {
        var many = JSON.createObjectNode();
        var items = many.putArray("items");
        for (int i = 0; i < 2000; i++) {
            items.add(i);
        }
        var started = cpuTime();

        assertThatThrownBy(
                        () -> new Mapping("{'x': $count(items.($a := $; $$.items.($b := $; $$.items.($a + $b + $))))}")
                                .apply(many))
                .isInstanceOf(MappingFailedException.class)
                .hasMessageMatching(".*(longer than 100 ms|too much).*");
        assertThat(Duration.ofNanos(cpuTime() - started)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void aResultHasItsSize() {
        var large = JSON.createObjectNode().put("text", "x".repeat(40_000));

        assertThatThrownBy(() -> new Mapping("{'x': text, 'y': text}").apply(large))
                .isInstanceOf(MappingFailedException.class)
                .hasMessageContaining("64 KiB");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'x': $contains(text, half)}",
                "{'x': $length($substringBefore(text, half))}",
                "{'x': $count(items.$contains(half))}",
                "{'x': $length($substringAfter(half & half & half, half))}"
            })
    void aTextThatIsSearchedHasItsSize(String expression) {
        var large = JSON.createObjectNode().put("text", "x".repeat(70_000)).put("half", "x".repeat(30_000));
        large.putArray("items").add("x".repeat(70_000)).add("x");

        assertThatThrownBy(() -> new Mapping(expression).apply(large))
                .isInstanceOf(MappingFailedException.class)
                .hasMessageContaining("64 Ki characters");
        assertThat(new Mapping("{'x': $length(half)}").apply(large).get("x").intValue())
                .isEqualTo(30_000);
    }

    @Test
    void everyFunctionOfTheLibraryIsEitherOfTheLanguageOrHidden() throws Exception {
        Field frame = Jsonata.class.getDeclaredField("staticFrame");
        frame.setAccessible(true);
        Field bindings = Jsonata.Frame.class.getDeclaredField("bindings");
        bindings.setAccessible(true);
        Jsonata.jsonata("1");
        var known = new TreeSet<>(MappingLanguage.FUNCTIONS);
        known.addAll(Mapping.HIDDEN);

        assertThat(new TreeSet<>(((Map<?, ?>) bindings.get(frame.get(null)))
                        .keySet().stream().map(String::valueOf).toList()))
                .isEqualTo(known);
    }

    /** Of this thread in ns: what the machine does besides does not count. */
    private static long cpuTime() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
