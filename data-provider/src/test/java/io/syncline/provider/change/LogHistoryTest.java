package io.syncline.provider.change;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.contracts.ChangeEvent.Operation;
import io.syncline.provider.change.LogHistory.Committed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each fault that the history is there to find is planted once and found by name. */
class LogHistoryTest {

    private static LoggedChange change(long seq, String key, @Nullable String before, @Nullable String after) {
        var operation = before == null ? Operation.CREATED : after == null ? Operation.DELETED : Operation.UPDATED;
        return new LoggedChange(
                seq, "id-" + before + after, "d", "d", operation, key, row(before), row(after), Instant.EPOCH, null);
    }

    private static @Nullable String row(@Nullable String mark) {
        return mark == null ? null : "{\"mark\":" + mark + "}";
    }

    /** Three transactions one after the other, and one beside the last. */
    private static final List<Committed> COMMITTED = List.of(
            new Committed(0, 1, Set.of("+1")),
            new Committed(1, 2, Set.of("+2")),
            new Committed(2, 4, Set.of("-2")),
            new Committed(2, 3, Set.of("+3")));

    private static List<LoggedChange> log() {
        return new ArrayList<>(List.of(
                change(1, "a", null, "1"),
                change(2, "a", "1", "2"),
                change(3, "b", null, "3"),
                change(4, "a", "2", null)));
    }

    private static List<String> faults(List<LoggedChange> log) {
        return LogHistory.faults(log, COMMITTED);
    }

    @Test
    void aGoodLogHasNoFault() {
        assertThat(faults(log())).isEmpty();
        assertThat(LogHistory.pairsInOrder(COMMITTED)).isEqualTo(5);
    }

    @Test
    void aChangeThatWasPassedOverIsMissed() {
        var log = log();
        log.remove(2);
        log.set(2, change(3, "a", "2", null));

        assertThat(faults(log)).containsExactly("+3 was committed and is not there");
    }

    @Test
    void aGapIsSeen() {
        var log = log();
        log.set(3, change(5, "a", "2", null));

        assertThat(faults(log)).containsExactly("number 4 is missing, there is 5");
    }

    @Test
    void whatWasRolledBackIsSeen() {
        var log = log();
        log.add(change(5, "c", null, "9"));

        assertThat(faults(log)).containsExactly("change 5 was never committed, or is there twice");
    }

    @Test
    void aChangeThatIsThereTwiceIsSeen() {
        var log = log();
        log.add(change(5, "b", null, "3"));

        assertThat(faults(log)).contains("an id is there twice", "change 5 was never committed, or is there twice");
    }

    @Test
    void anOrderOtherThanThatOfTheCommitsIsSeen() {
        var log = List.of(
                change(1, "b", null, "3"),
                change(2, "a", null, "1"),
                change(3, "a", "1", "2"),
                change(4, "a", "2", null));

        assertThat(faults(log)).hasSize(2).allMatch(fault -> fault.startsWith("[+3] began after"));
    }

    @Test
    void aKeysChangesInAnotherOrderAreSeen() {
        var log = log();
        Collections.swap(log, 0, 1);
        log.set(0, change(1, "a", "1", "2"));
        log.set(1, change(2, "a", null, "1"));

        assertThat(faults(log))
                .contains(
                        "change 1 of a did not find what was left there",
                        "change 2 of a did not find what was left there");
    }
}
