package io.syncline.portal.groups;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class FormChangesTest {

    private static final String SHOWN = """
            kind: TaskGroup
            key: a
            owner: me
            defaults:
              retry:
                maxAttempts: 3
            tasks:
            - key: load
              path: /load
              unknown: kept
            alerts:
            - when:
              - FAILED
              channels:
              - mail
            """;

    @Test
    void aFieldThatWasNotTouchedLeavesWhatTheYamlSaysNow() {
        var changes = new FormChanges(document(SHOWN.replace("owner: me", "owner: you")), document(SHOWN));

        var result = changes.apply(Map.of("f/owner", List.of("me"), "other", List.of("x")));

        assertThat(result.path("owner").asString()).isEqualTo("you");
        assertThat(changes.isChanged()).isFalse();
    }

    @Test
    void whatWasEmptiedIsRemovedWithTheObjectsThatHeldNothingElse() {
        var result = new FormChanges(document(SHOWN), document(SHOWN))
                .apply(Map.of("f/defaults/retry/maxAttempts", List.of("  ")));

        assertThat(result.has("defaults")).isFalse();
    }

    @Test
    void membersAreTypedAndPlacedAsPeopleWriteThem() {
        var result = new FormChanges(document(SHOWN), document(SHOWN))
                .apply(Map.of(
                        "f/schedule/cron", List.of("0 30 2 * * ?"),
                        "f/maxQueued", List.of("50"),
                        "f/maxActive", List.of("many"),
                        "f/defaults/reconciliation/required", List.of("true"),
                        "f/labels", List.of("a, b,, c"),
                        "f/tasks/0/parameters", List.of("dataset: plans\nrows: 3"),
                        "f/alerts/0/when", List.of("", "FAILED", "OVERDUE")));

        assertThat(Documents.yaml(result)).isEqualTo("""
                kind: TaskGroup
                key: a
                owner: me
                labels:
                - a
                - b
                - c
                schedule:
                  cron: "0 30 2 * * ?"
                maxActive: many
                maxQueued: 50
                defaults:
                  retry:
                    maxAttempts: 3
                  reconciliation:
                    required: true
                tasks:
                - key: load
                  path: /load
                  parameters:
                    dataset: plans
                    rows: 3
                  unknown: kept
                alerts:
                - when:
                  - FAILED
                  - OVERDUE
                  channels:
                  - mail
                """);
    }

    @Test
    void aChangeWithoutItsPlaceIsToldAndLeftOut() {
        var changes = new FormChanges(document("kind: TaskGroup\ntasks: []\n"), document(SHOWN));

        var result = changes.apply(Map.of("f/tasks/0/path", List.of("/other")));

        assertThat(Documents.yaml(result)).isEqualTo("kind: TaskGroup\ntasks: []\n");
        assertThat(changes.faults().at("/tasks/0/path"))
                .singleElement()
                .asString()
                .contains("left out");
    }

    @Test
    void aPlaceOfAnotherShapeIsNoFailure() {
        var changes = new FormChanges(document("tasks: text\ndefaults: 3\n"), document(SHOWN));

        changes.apply(Map.of("f/tasks/0/path", List.of("/x"), "f/defaults/retry/backoff", List.of("PT1S")));

        assertThat(changes.faults().all()).hasSize(2);
    }

    private static ObjectNode document(String yaml) {
        return Objects.requireNonNull(Documents.ofYaml(yaml));
    }
}
