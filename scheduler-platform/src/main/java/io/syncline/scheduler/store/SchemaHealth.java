package io.syncline.scheduler.store;

import io.syncline.migrations.SchemaMigrations;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Whether the schema has all scripts of this program. A newer one has them as well: during an upgrade the scripts come first
 * and the old nodes stay ready until they are replaced. Looked up once a minute, and each time while it is wrong.
 */
final class SchemaHealth implements HealthIndicator {

    private static final long GOOD_FOR_NANOS = 60_000_000_000L;

    private final BooleanSupplier covers;
    private final LongSupplier nanos;
    private long goodUntil;
    private boolean good;

    SchemaHealth(BooleanSupplier covers, LongSupplier nanos) {
        this.covers = covers;
        this.nanos = nanos;
    }

    static SchemaHealth of(DataSource dataSource) {
        return new SchemaHealth(() -> SchemaMigrations.covers(dataSource, ConnectionPools.SERVICE), System::nanoTime);
    }

    @Override
    public synchronized Health health() {
        if (!good || nanos.getAsLong() - goodUntil >= 0) {
            good = covers.getAsBoolean();
            goodUntil = nanos.getAsLong() + GOOD_FOR_NANOS;
        }
        return good ? Health.up().build() : Health.outOfService().build();
    }
}
