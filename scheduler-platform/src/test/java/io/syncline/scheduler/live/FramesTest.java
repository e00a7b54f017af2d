package io.syncline.scheduler.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FramesTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00.000001Z");

    @Test
    void onlyTheLastOfSeveralEventsBearsThePosition() {
        var frames = text(Frames.changes(
                List.of(Change.forEveryone("cluster", "a", NOON), Change.forEveryone("cluster", "b", NOON)), NOON));

        assertThat(frames)
                .isEqualTo("event: change\ndata: {\"kind\":\"cluster\",\"id\":\"a\",\"version\":1795176000000001}\n\n"
                        + "event: change\nid: 1795176000000001\n"
                        + "data: {\"kind\":\"cluster\",\"id\":\"b\",\"version\":1795176000000001}\n\n");
    }

    @Test
    void aPositionIsReadAsItWasWrittenAndNothingElseIs() {
        assertThat(Frames.position(Frames.id(NOON))).contains(NOON);
        assertThat(Frames.position(null)).isEmpty();
        assertThat(Frames.position("")).isEmpty();
        assertThat(Frames.position("-1")).isEmpty();
        assertThat(Frames.position("99999999999999999999999")).isEmpty();
    }

    @Test
    void theEventThatNothingIsKnownOfHasAPositionAsWell() {
        assertThat(text(Frames.reset(NOON))).isEqualTo("event: reset\nid: 1795176000000001\ndata: {}\n\n");
        assertThat(text(Frames.beat(NOON))).startsWith(": ").endsWith("id: 1795176000000001\n\n");
    }

    private static String text(byte[] frames) {
        return new String(frames, StandardCharsets.UTF_8);
    }
}
