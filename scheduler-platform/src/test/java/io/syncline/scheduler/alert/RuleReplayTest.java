package io.syncline.scheduler.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.scheduler.alert.RuleReplay.Joined;
import io.syncline.scheduler.catalog.AlertCondition;
import io.syncline.scheduler.catalog.AlertRule;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuleReplayTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    @Test
    void aRuleTellsOncePerIncident() {
        var rule = new AlertRule(List.of(AlertCondition.FAILED), List.of("ops"));

        var replay = RuleReplay.of(
                rule,
                List.of(
                        joined("i2", AlertCondition.TIMED_OUT, 60),
                        joined("i1", AlertCondition.REFUSED, 1),
                        joined("i1", AlertCondition.REFUSED, 0),
                        joined("i3", AlertCondition.OVERDUE, 90)));

        assertThat(replay).isEqualTo(new RuleReplay(2, NOON.plus(Duration.ofMinutes(60))));
    }

    @Test
    void aRuleThatTakesNothingHasNeverTold() {
        var rule = new AlertRule(List.of(AlertCondition.SILENT), List.of("ops"));

        assertThat(RuleReplay.of(rule, List.of(joined("i1", AlertCondition.REFUSED, 0))))
                .isEqualTo(new RuleReplay(0, null));
    }

    @Test
    void aThresholdWaitsForEnoughOfItWithinItsTime() {
        var rule = new AlertRule(
                List.of(AlertCondition.OVERDUE),
                List.of("ops"),
                new AlertRule.Threshold(3, Duration.ofMinutes(10)),
                null);

        assertThat(RuleReplay.of(rule, at(0, 6, 12)).incidents()).isZero();
        assertThat(RuleReplay.of(rule, at(0, 6, 12, 14)))
                .isEqualTo(new RuleReplay(1, NOON.plus(Duration.ofMinutes(14))));
        assertThat(RuleReplay.of(rule, at(0, 10)).incidents()).isZero();
    }

    @Test
    void whatNoRuleTakesIsCountedByIncident() {
        var rules = List.of(new AlertRule(List.of(AlertCondition.FAILED), List.of("ops")));

        assertThat(RuleReplay.unruled(
                        rules,
                        List.of(
                                joined("i1", AlertCondition.OVERDUE, 0),
                                joined("i1", AlertCondition.OVERDUE, 1),
                                joined("i2", AlertCondition.REFUSED, 2),
                                joined("i3", AlertCondition.FRESHNESS, 3))))
                .isEqualTo(2);
    }

    private static List<Joined> at(int... minutes) {
        return Arrays.stream(minutes)
                .mapToObj(minute -> joined("i1", AlertCondition.OVERDUE, minute))
                .toList();
    }

    private static Joined joined(String incident, AlertCondition condition, int minute) {
        return new Joined("daily", incident, condition, NOON.plus(Duration.ofMinutes(minute)));
    }
}
