package io.syncline.scheduler.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.migrations.oracle.StatementsOfCode;
import io.syncline.scheduler.SchedulerPlatform;
import org.junit.jupiter.api.Test;

class OracleStatementsTest {

    @Test
    void everyStatementThatMayReachOraclePassesItsGrammar() {
        assertThat(StatementsOfCode.reachingOracle(SchedulerPlatform.class)).isNotEmpty();
        assertThat(StatementsOfCode.faults(SchedulerPlatform.class)).isEmpty();
    }
}
