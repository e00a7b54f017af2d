package io.syncline.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.migrations.oracle.StatementsOfCode;
import org.junit.jupiter.api.Test;

class OracleStatementsTest {

    @Test
    void everyStatementThatMayReachOraclePassesItsGrammar() {
        assertThat(StatementsOfCode.reachingOracle(DataConsumer.class)).isNotEmpty();
        assertThat(StatementsOfCode.faults(DataConsumer.class)).isEmpty();
    }
}
