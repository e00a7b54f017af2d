package io.syncline.portal.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.portal.groups.LineDiff.Line;
import org.junit.jupiter.api.Test;

class LineDiffTest {

    @Test
    void equalLinesStandBesideEachOtherAndTheOthersSayWhatTheyAre() {
        var lines = LineDiff.between("a\nb\nc\nd\n", "a\nx\nc\nd\ne\n");

        assertThat(lines)
                .containsExactly(
                        new Line("same", "a", "a"),
                        new Line("changed", "b", "x"),
                        new Line("same", "c", "c"),
                        new Line("same", "d", "d"),
                        new Line("added", null, "e"));
        assertThat(LineDiff.between("a\nb\n", "b\n"))
                .containsExactly(new Line("removed", "a", null), new Line("same", "b", "b"));
        assertThat(LineDiff.between("", "")).isEmpty();
    }
}
