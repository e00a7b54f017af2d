package io.syncline.provider.capture;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.syncline.provider.change.Changes;
import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.dataset.Datasets;
import io.syncline.provider.store.SqlDialect;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.ClassUtils;

/** Off unless a dataset is captured. */
@Configuration(proxyBeanMethods = false)
class CaptureConfiguration {

    private static final String ENGINE = "io.debezium.engine.DebeziumEngine";

    @Bean
    Capture capture(
            Datasets datasets,
            CaptureProperties properties,
            DataSourceProperties source,
            SqlDialect dialect,
            JdbcClient jdbc,
            JdbcCaptures captures,
            Changes changes,
            TransactionTemplate transaction,
            MeterRegistry meters) {
        var captured = datasets.all().stream().filter(Dataset::captured).toList();
        var slot = new PostgresSlot(jdbc, properties);
        LogReader reader = null;
        if (!captured.isEmpty()) {
            refuseWhereImpossible(dialect);
            reader = new DebeziumLogReader(properties, source, slot, captures, changes, transaction);
        }
        var capture = new Capture(captured, properties, captures, slot, reader);
        if (reader != null) {
            Gauge.builder("syncline.capture.slot.lag", capture, CaptureConfiguration::lag)
                    .description("log that the database keeps for the slot because it was not recorded yet")
                    .baseUnit("bytes")
                    .register(meters);
            Gauge.builder("syncline.capture.slot.active", capture, CaptureConfiguration::active)
                    .description("cluster: 1 while an instance follows the log")
                    .register(meters);
        }
        return capture;
    }

    private static void refuseWhereImpossible(SqlDialect dialect) {
        if (dialect != SqlDialect.POSTGRESQL) {
            throw new IllegalStateException(
                    "A dataset has captured: true, but only the log of PostgreSQL can be read, and this is " + dialect);
        }
        if (!ClassUtils.isPresent(ENGINE, null)) {
            throw new IllegalStateException("A dataset has captured: true, but this jar cannot read the database's log;"
                    + " start the one whose name ends in -capture.jar");
        }
    }

    private static double lag(@Nullable Capture capture) {
        return capture == null
                ? Double.NaN
                : capture.slotState().map(state -> (double) state.lag()).orElse(Double.NaN);
    }

    private static double active(@Nullable Capture capture) {
        return capture != null
                        && capture.slotState()
                                .filter(PostgresSlot.State::active)
                                .isPresent()
                ? 1
                : 0;
    }

    @Bean
    CaptureHealth captureHealthIndicator(Capture capture) {
        return new CaptureHealth(capture);
    }
}
