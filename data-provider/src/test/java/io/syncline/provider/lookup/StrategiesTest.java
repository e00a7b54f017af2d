package io.syncline.provider.lookup;

import static io.syncline.provider.testing.Fixtures.aColumn;
import static io.syncline.provider.testing.Fixtures.aDataset;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.migrations.oracle.OracleGate;
import io.syncline.provider.dataset.ColumnType;
import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.store.SqlDialect;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StrategiesTest {

    private static final Dataset ONE = aDataset("id", "name");

    private static Strategies on(SqlDialect dialect) {
        return new Strategies(dialect, new Tuning(1000, 1000, 1.1, Duration.ofSeconds(60)));
    }

    private static Dataset withKey(ColumnType... types) {
        var columns = java.util.stream.IntStream.range(0, types.length)
                .mapToObj(i -> aColumn("key" + i, types[i]))
                .toList();
        return aDataset(columns, columns);
    }

    @ParameterizedTest
    @EnumSource(SqlDialect.class)
    void whatIsChosenCan(SqlDialect dialect) {
        var keys = List.of(ONE, withKey(ColumnType.TEXT, ColumnType.DAY), withKey(ColumnType.INSTANT));
        for (var dataset : keys) {
            for (int size : new int[] {1, 1_000, 30_000, 300_000}) {
                var chosen = on(dialect).choose(null, dataset, size);

                assertThat(on(dialect).refusal(chosen, dataset, size)).isEmpty();
            }
        }
    }

    @Test
    void postgresqlTakesTheOneThatMeasuredBestForTheSize() {
        var strategies = on(SqlDialect.POSTGRESQL);
        assertThat(strategies.choose(null, ONE, 3_000)).isEqualTo(StrategyName.UNNEST);
        assertThat(strategies.choose(null, ONE, 30_000)).isEqualTo(StrategyName.ARRAY);
        assertThat(strategies.choose(null, ONE, 300_000)).isEqualTo(StrategyName.ARRAY);
        assertThat(strategies.choose(null, withKey(ColumnType.TEXT, ColumnType.DAY), 30_000))
                .isEqualTo(StrategyName.TABLE_COPY);
    }

    @Test
    void theWantedOneIsTakenWhereItCan() {
        assertThat(on(SqlDialect.POSTGRESQL).choose(StrategyName.ARRAY, ONE, 30_000))
                .isEqualTo(StrategyName.ARRAY);
        assertThat(on(SqlDialect.POSTGRESQL)
                        .choose(StrategyName.ARRAY, withKey(ColumnType.TEXT, ColumnType.DAY), 30_000))
                .isNotEqualTo(StrategyName.ARRAY);
        assertThat(on(SqlDialect.H2).choose(StrategyName.UNNEST, ONE, 65_537)).isEqualTo(StrategyName.TABLE_BATCH);
    }

    @Test
    void whatADatabaseDoesNotHaveIsRefused() {
        assertThatThrownBy(() -> on(SqlDialect.H2).get(StrategyName.TABLE_COPY)).hasMessageContaining("TABLE_COPY");
        assertThat(on(SqlDialect.ORACLE).refusal(StrategyName.UNNEST, ONE, 1)).isPresent();
        assertThat(on(SqlDialect.ORACLE).refusal(StrategyName.TABLE_BATCH, withKey(ColumnType.DAY), 1))
                .isPresent();
    }

    @Test
    void whatReachesOraclePassesItsGrammar() {
        var dataset = withKey(ColumnType.TEXT, ColumnType.NUMBER, ColumnType.FIXED_TEXT);
        assertThat(OracleGate.faults(OracleTemporaryTable.insert(dataset))).isEmpty();
        assertThat(OracleGate.faults(OracleTemporaryTable.select(dataset))).isEmpty();
        assertThat(OracleGate.faults(new LookupSql(dataset).inList(3))).isEmpty();
        assertThat(OracleGate.faults(new LookupSql(ONE).inList(1000))).isEmpty();
        assertThat(OracleGate.faults(new LookupSql(ONE).all())).isEmpty();
    }
}
