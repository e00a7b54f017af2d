package io.syncline.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {

    private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    @Test
    void theStateIsHandedOnAsItCameUnderEachSpanOfTheTrace() {
        var state = "rojo=00f067aa0ba902b7, congo=t61rcWkgMzE,,fw529a3039@dt=FfZ / :;_";

        var trace = TraceContext.accepted(PARENT, List.of(state)).orElseThrow();
        var child = Spans.UNTOLD.begin(Spans.Kind.CLIENT, "call shop", trace).traceparent();

        assertThat(TraceContext.headers(trace)).isEqualTo(Map.of("traceparent", PARENT, "tracestate", state));
        assertThat(TraceContext.headers(child))
                .containsEntry("tracestate", state)
                .hasEntrySatisfying(
                        "traceparent",
                        parent -> assertThat(parent)
                                .hasSameSizeAs(PARENT)
                                .startsWith(PARENT.substring(0, 36))
                                .isNotEqualTo(PARENT));
        assertThat(TraceContext.call(trace, TraceContext::traceId)).contains(PARENT.substring(3, 35));
    }

    @Test
    void headersOfOneNameAreOneState() {
        assertThat(TraceContext.accepted(PARENT, List.of("a=1", "b=2")))
                .map(TraceContext::headers)
                .contains(Map.of("traceparent", PARENT, "tracestate", "a=1,b=2"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ",",
                "a",
                "=1",
                "a=",
                "A=1",
                "a=1=2",
                "a=1,a=2",
                "a b=1",
                "a=1\r\nX: y",
                "a=\u00e4",
                "a=1,b"
            })
    void whatIsNoStateIsLeftOutAndTheTraceStays(String state) {
        assertThat(TraceContext.accepted(PARENT, List.of(state))).contains(PARENT);
    }

    @Test
    void aStateHasItsLimits() {
        var longest = "a=" + "x".repeat(256) + ",b=" + "y".repeat(251);
        var most = members(32);
        assertThat(longest).hasSize(512);

        assertThat(TraceContext.accepted(PARENT, List.of(longest))).contains(PARENT + " " + longest);
        assertThat(TraceContext.accepted(PARENT, List.of(longest + "y"))).contains(PARENT);
        assertThat(TraceContext.accepted(PARENT, List.of("a=" + "x".repeat(257))))
                .contains(PARENT);
        assertThat(TraceContext.accepted(PARENT, List.of(most))).contains(PARENT + " " + most);
        assertThat(TraceContext.accepted(PARENT, List.of(members(33)))).contains(PARENT);
    }

    @Test
    void aStateWithoutItsTraceIsNothing() {
        assertThat(TraceContext.accepted(null, List.of("a=1"))).isEmpty();
        assertThat(TraceContext.accepted("00-0-0-00", List.of("a=1"))).isEmpty();
        assertThat(TraceContext.headers(null)).isEmpty();
        assertThat(TraceContext.headers(PARENT)).isEqualTo(Map.of("traceparent", PARENT));
    }

    private static String members(int count) {
        return IntStream.range(0, count).mapToObj(i -> "k" + i + "=v").collect(Collectors.joining(","));
    }
}
