package io.syncline.portal.groups;

import static io.syncline.portal.groups.Merge.Side.MINE;
import static io.syncline.portal.groups.Merge.Side.THEIRS;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.portal.groups.Merge.Side;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class MergeTest {

    private static final String BASE = "owner: a\ntasks:\n- key: x\n  path: /x\n- key: v\n  path: /y\n";

    @Test
    void whatOneSideAloneHasChangedIsItsToSay() {
        var merge = merge(BASE.replace("owner: a", "owner: b"), BASE.replace("/x", "/z"), Map.of());

        assertThat(Documents.yaml(merge.document()))
                .isEqualTo("owner: b\ntasks:\n- key: x\n  path: /z\n- key: v\n  path: /y\n");
        assertThat(merge.lines()).extracting(Merge.Line::path).containsExactly("owner", "tasks / x / path");
        assertThat(merge.lines()).extracting(Merge.Line::isConflict).containsOnly(false);
    }

    @Test
    void whatBothHaveChangedIsTheirsUntilSomebodyChooses() {
        var theirs = BASE.replace("/x", "/theirs");
        var mine = BASE.replace("/x", "/mine");

        assertThat(merge(theirs, mine, Map.of()).lines()).singleElement().satisfies(line -> {
            assertThat(line.isConflict()).isTrue();
            assertThat(line.isMine()).isFalse();
        });
        var chosen = merge(theirs, mine, Map.of("tasks / x / path", MINE));
        assertThat(chosen.document().at("/tasks/0/path").asString()).isEqualTo("/mine");
    }

    @Test
    void tasksThatWereAddedStandBesideEachOtherAndRemovedOnesGo() {
        var theirs = BASE + "- key: z\n  path: /z\n";
        var mine = "owner: a\ntasks:\n- key: w\n  path: /w\n- key: x\n  path: /x\n";

        var merge = merge(theirs, mine, Map.of());

        assertThat(merge.document().path("tasks").findValuesAsString("key")).containsExactly("w", "x", "z");
    }

    @Test
    void aTaskThatOneSideRemovedAndTheOtherChangedIsAConflict() {
        var theirs = BASE.replace("/y", "/other");
        var mine = "owner: a\ntasks:\n- key: x\n  path: /x\n";

        assertThat(merge(theirs, mine, Map.of()).lines()).singleElement().satisfies(line -> {
            assertThat(line.path()).isEqualTo("tasks / v");
            assertThat(line.isConflict()).isTrue();
        });
        assertThat(merge(theirs, mine, Map.of("tasks / v", MINE)).document().path("tasks"))
                .hasSize(1);
        assertThat(merge(theirs, mine, Map.of("tasks / v", THEIRS)).document().path("tasks"))
                .hasSize(2);
    }

    @Test
    void anotherOrderIsAFieldOfItsOwn() {
        var mine = "owner: a\ntasks:\n- key: v\n  path: /y\n- key: x\n  path: /x\n";

        var merge = merge(BASE.replace("/x", "/z"), mine, Map.of());

        assertThat(merge.document().path("tasks").findValuesAsString("path")).containsExactly("/y", "/z");
        assertThat(merge.lines()).extracting(Merge.Line::path).contains("tasks / (order)");
    }

    private static Merge.Result merge(String theirs, String mine, Map<String, Side> choices) {
        return Merge.of(document(BASE), document(theirs), document(mine), choices);
    }

    private static ObjectNode document(String yaml) {
        return Objects.requireNonNull(Documents.ofYaml(yaml));
    }
}
