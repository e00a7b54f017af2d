package io.syncline.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReconciliationTest {

    @Test
    void differencesWithinTheToleranceBalance() {
        assertThat(new Reconciliation(10L, 12L, 2L, 2L, 2L).isBalanced(2)).isTrue();
        assertThat(new Reconciliation(10L, 13L, 0L, 0L, 0L).isBalanced(2)).isFalse();
        assertThat(new Reconciliation(10L, 10L, 0L, 0L, 3L).isBalanced(2)).isFalse();
    }

    @Test
    void numbersBeyondAllCountingNeverBalance() {
        assertThat(new Reconciliation(Long.MAX_VALUE, -2L, 0L, 0L, 0L).isBalanced(0))
                .isFalse();
        assertThat(new Reconciliation(Long.MAX_VALUE, Long.MIN_VALUE, 0L, 0L, 0L).isBalanced(5))
                .isFalse();
    }

    @Test
    void aNegativeCountIsNoCountAndNeverBalances() {
        assertThat(new Reconciliation(10L, 10L, -1L, 0L, 0L).isBalanced(0)).isFalse();
        assertThat(new Reconciliation(10L, 10L, 0L, 0L, -1L).isBalanced(5)).isFalse();
        assertThat(new Reconciliation(-1L, -1L, 0L, 0L, 0L).isBalanced(5)).isFalse();
    }
}
