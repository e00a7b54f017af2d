package io.syncline.scheduler.callback;

import io.micrometer.core.instrument.MeterRegistry;
import io.syncline.contracts.CallbackAnswer;
import io.syncline.contracts.StatusReport;
import io.syncline.scheduler.run.IncomingReport;
import io.syncline.scheduler.run.KeptReports;
import io.syncline.scheduler.run.ReportReader;
import io.syncline.scheduler.run.Runs;
import io.syncline.scheduler.security.CallbackGrant;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.Scope;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.SqlDialect;
import io.syncline.scheduler.testing.InMemoryTables;
import io.syncline.scheduler.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

/** The table of callbacks in memory, and the real judge of callbacks of each simulated node before it. */
public final class SimulatedCallbacks {

    /**
     * A callback as it arrives.
     *
     * @param grantedTaskRun and {@code grantedAttempt}: what its token is good for
     */
    public record Incoming(String taskRunId, String grantedTaskRun, int grantedAttempt, String body) {}

    /**
     * What its sender hears.
     *
     * @param answer null: it was refused, or is to come back
     * @param refusal the status of the refusal; null: there was none
     * @param failure why it is to come back; null: it was answered, or nothing came
     */
    public record Told(
            @Nullable CallbackAnswer answer,
            @Nullable Integer refusal,
            @Nullable Throwable failure) {}

    /** A callback as it was committed. */
    public record Kept(String taskRunId, String callbackId, int attempt, boolean applied) {}

    private final InMemoryTables database;
    private final boolean forgetsCopies;
    private final SortedMap<String, Callbacks.Row> rows = new TreeMap<>();
    private final Table table = new Table();

    /** @param forgetsCopies a planted mistake: no copy is known as one */
    public SimulatedCallbacks(InMemoryTables database, boolean forgetsCopies) {
        this.database = database;
        this.forgetsCopies = forgetsCopies;
    }

    private final class Table implements Callbacks {

        @Override
        public Map<IncomingReport, Boolean> firstApplied(Collection<IncomingReport> reports) {
            var known = new HashMap<IncomingReport, Boolean>();
            for (IncomingReport report : reports) {
                var row = rows.get(key(report));
                if (row != null && !forgetsCopies) {
                    known.put(report, row.verdict().applied());
                }
            }
            return known;
        }

        @Override
        public @Nullable StatusReport completed(String taskRunId, int attempt, @Nullable String callbackId) {
            Row last = null;
            for (Row row : rows.values()) {
                var report = row.report();
                if (report.taskRunId().equals(taskRunId)
                        && report.attempt() == attempt
                        && report.report().status() == io.syncline.contracts.ReportStatus.COMPLETED
                        && (callbackId == null || callbackId.equals(report.callbackId()))
                        && (last == null || !row.receivedAt().isBefore(last.receivedAt()))) {
                    last = row;
                }
            }
            return last == null ? null : last.report().report();
        }

        @Override
        public void keep(List<Row> more) {
            for (Row row : more) {
                if (rows.containsKey(key(row.report())) && !forgetsCopies) {
                    throw new DuplicateKeyException("callback " + key(row.report()));
                }
                database.put(rows, key(row.report()), row);
            }
        }
    }

    private static String key(IncomingReport report) {
        return report.taskRunId() + "\n" + report.callbackId();
    }

    public KeptReports reports() {
        return table;
    }

    /** The table itself, by which a commit tells its changes. */
    public Object rows() {
        return rows;
    }

    public static Kept kept(Object row) {
        var callback = (Callbacks.Row) row;
        return new Kept(
                callback.report().taskRunId(),
                callback.report().callbackId(),
                callback.report().attempt(),
                callback.verdict().applied());
    }

    public Judge on(Runs runs, DatabaseClock clock, PlatformTransactionManager transactions, MeterRegistry meters) {
        return new Judge(new CallbackWriter(runs, table, clock, transactions, meters));
    }

    /** One node's. */
    public static final class Judge {

        private final CallbackWriter writer;

        private Judge(CallbackWriter writer) {
            this.writer = writer;
        }

        /** Over the table of a database. */
        public static Judge onTables(TestDatabase database, Runs runs, DatabaseClock clock, MeterRegistry meters) {
            var callbacks = new JdbcCallbacks(
                    new NamedParameterJdbcTemplate(database.dataSource()), SqlDialect.of(database.dataSource()));
            return new Judge(new CallbackWriter(runs, callbacks, clock, database.transactions(), meters));
        }

        /** Judges them in one transaction, or one by one where that is not possible. */
        public List<Told> judge(List<Incoming> batch) {
            var received = new ArrayList<ReceivedCallback>();
            for (Incoming one : batch) {
                received.add(new ReceivedCallback(
                        one.taskRunId(),
                        new Caller(
                                "callback",
                                null,
                                Set.of(Scope.CALLBACKS_WRITE),
                                new CallbackGrant(one.grantedTaskRun(), one.grantedAttempt(), Instant.MAX),
                                null),
                        ReportReader.read(one.body().getBytes(StandardCharsets.UTF_8), true),
                        one.body(),
                        null,
                        new CompletableFuture<>()));
            }
            writer.write(received);
            return received.stream().map(one -> told(one.reply())).toList();
        }

        private static Told told(CompletableFuture<CallbackReply> reply) {
            return reply.handle((known, failure) -> {
                        if (known == null) {
                            return new Told(null, null, failure);
                        }
                        return known instanceof CallbackReply.Answered answered
                                ? new Told(answered.answer(), null, null)
                                : new Told(
                                        null,
                                        ((CallbackReply.Refused) known)
                                                .problem()
                                                .status(),
                                        null);
                    })
                    .getNow(new Told(null, null, null));
        }
    }
}
