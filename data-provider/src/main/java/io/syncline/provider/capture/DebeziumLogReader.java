package io.syncline.provider.capture;

import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import io.debezium.engine.spi.OffsetCommitPolicy;
import io.syncline.provider.change.Changes;
import io.syncline.provider.dataset.Dataset;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.transaction.support.TransactionTemplate;

/** Runs Debezium's engine and connector for PostgreSQL; nothing else of this package knows them but {@link Recorder}. */
final class DebeziumLogReader implements LogReader {

    private static final Logger LOG = LoggerFactory.getLogger(DebeziumLogReader.class);
    private static final long STOP_WITHIN_MILLIS = 15_000;

    private final CaptureProperties properties;
    private final DataSourceProperties source;
    private final PostgresSlot slot;
    private final JdbcCaptures captures;
    private final Changes changes;
    private final TransactionTemplate transaction;

    DebeziumLogReader(
            CaptureProperties properties,
            DataSourceProperties source,
            PostgresSlot slot,
            JdbcCaptures captures,
            Changes changes,
            TransactionTemplate transaction) {
        this.properties = properties;
        this.source = source;
        this.slot = slot;
        this.captures = captures;
        this.changes = changes;
        this.transaction = transaction;
    }

    @Override
    public void follow(JdbcCaptures.Claim claim, Map<String, Dataset> tables, BooleanSupplier goesOn) {
        var ended = new CompletableFuture<Void>();
        var engine = engine(claim, tables, ended);
        var thread = new Thread(() -> run(engine, ended), "change-capture-engine");
        thread.setDaemon(true);
        thread.start();
        try {
            long pause = properties.lease().toMillis() / 3;
            while (goesOn.getAsBoolean()) {
                try {
                    ended.get(Math.min(pause, 500), TimeUnit.MILLISECONDS);
                    throw new IllegalStateException("the engine ended, and nobody had asked it to");
                } catch (TimeoutException itRuns) {
                    // As it should.
                }
            }
        } catch (ExecutionException failed) {
            var cause = Objects.requireNonNullElse(failed.getCause(), failed);
            throw new IllegalStateException(deepest(cause), cause);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } finally {
            close(engine, ended);
        }
    }

    /** Its end is known whatever it is: the lease of an engine that ended without a word would be renewed for ever. */
    private static void run(DebeziumEngine<?> engine, CompletableFuture<Void> ended) {
        try {
            engine.run();
            ended.complete(null);
        } catch (RuntimeException | Error e) {
            ended.completeExceptionally(e);
            throw e;
        }
    }

    private static @Nullable String deepest(Throwable failure) {
        var cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return cause.getMessage();
    }

    private DebeziumEngine<RecordChangeEvent<SourceRecord>> engine(
            JdbcCaptures.Claim claim, Map<String, Dataset> tables, CompletableFuture<Void> ended) {
        return DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
                .using(settings(claim, tables))
                .using(OffsetCommitPolicy.always())
                .using((DebeziumEngine.CompletionCallback) (success, message, error) -> {
                    if (success) {
                        ended.complete(null);
                    } else {
                        ended.completeExceptionally(error != null ? error : new IllegalStateException(message));
                    }
                })
                .notifying(new Recorder(properties.slot(), claim, tables, captures, changes, transaction))
                .build();
    }

    /** While it starts, the engine refuses to be closed. */
    private static void close(DebeziumEngine<?> engine, CompletableFuture<Void> ended) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_WITHIN_MILLIS);
        while (!ended.isDone() && System.nanoTime() < until) {
            try {
                engine.close();
            } catch (IllegalStateException notNow) {
                LOG.debug("The engine cannot be closed yet: {}", notNow.getMessage());
            } catch (IOException failed) {
                LOG.info("The engine was not closed cleanly", failed);
            }
            try {
                ended.get(200, TimeUnit.MILLISECONDS);
            } catch (TimeoutException itRuns) {
                // Asked again.
            } catch (ExecutionException hasEnded) {
                return;
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private Properties settings(JdbcCaptures.Claim claim, Map<String, Dataset> tables) {
        var settings = new Properties();
        settings.setProperty("name", properties.slot());
        settings.setProperty("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
        settings.setProperty("topic.prefix", properties.slot());
        settings.setProperty("plugin.name", "pgoutput");
        settings.setProperty("slot.name", properties.slot());
        // It reads twice, first to find where to go on: a busy database ends the first connection a little late.
        settings.setProperty("slot.max.retries", "20");
        settings.setProperty("slot.retry.delay.ms", "500");
        settings.setProperty("publication.name", properties.publication());
        // It needs the tables' owner to be made or altered; one that fits is left alone.
        settings.setProperty("publication.autocreate.mode", slot.publishes(tables.keySet()) ? "disabled" : "filtered");
        settings.setProperty(
                "table.include.list",
                tables.keySet().stream().map(Pattern::quote).collect(Collectors.joining(",")));
        settings.setProperty(
                "snapshot.mode", properties.snapshot() == CaptureProperties.Snapshot.INITIAL ? "initial" : "no_data");
        settings.setProperty("skipped.operations", "none");
        settings.setProperty("tombstones.on.delete", "false");
        settings.setProperty("decimal.handling.mode", "string");
        settings.setProperty("time.precision.mode", "adaptive");
        settings.setProperty("poll.interval.ms", "50");
        settings.setProperty(
                "heartbeat.interval.ms", Long.toString(properties.heartbeat().toMillis()));
        // What is written to tables that are not captured takes the log along as well: a message of our own behind it
        // lets the database forget it.
        settings.setProperty("heartbeat.action.query", "select pg_logical_emit_message(true, 'syncline', 'passed')");
        settings.setProperty("errors.max.retries", "0");
        settings.setProperty("offset.storage", ResumePoint.class.getName());
        settings.setProperty("offset.flush.interval.ms", "0");
        var offset = claim.progress().offset();
        settings.setProperty(ResumePoint.SETTING, offset == null ? "" : offset);
        database(settings);
        settings.putAll(properties.connector());
        return settings;
    }

    private void database(Properties settings) {
        var parts = Driver.parseURL(source.determineUrl(), new Properties());
        if (parts == null) {
            throw new IllegalStateException("spring.datasource.url is no URL of PostgreSQL");
        }
        settings.setProperty("database.hostname", parts.getProperty("PGHOST", "localhost"));
        settings.setProperty("database.port", parts.getProperty("PGPORT", "5432"));
        settings.setProperty("database.dbname", parts.getProperty("PGDBNAME", ""));
        settings.setProperty("database.user", orEmpty(properties.username(), source.determineUsername()));
        settings.setProperty(
                "database.password",
                orEmpty(properties.username() == null ? null : properties.password(), source.determinePassword()));
    }

    private static String orEmpty(@Nullable String own, @Nullable String other) {
        return own != null ? own : other != null ? other : "";
    }
}
