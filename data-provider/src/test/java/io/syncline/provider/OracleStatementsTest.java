package io.syncline.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.migrations.oracle.StatementsOfCode;
import org.junit.jupiter.api.Test;

class OracleStatementsTest {

    @Test
    void everyStatementThatMayReachOraclePassesItsGrammar() {
        assertThat(StatementsOfCode.reachingOracle(DataProvider.class)).isNotEmpty();
        assertThat(StatementsOfCode.faults(DataProvider.class)).isEmpty();
    }
}
