package io.syncline.provider.imports;

import io.syncline.client.TriggerEvent;
import io.syncline.client.TriggerSender;
import io.syncline.provider.change.Changes;
import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.dataset.DatasetStates;
import io.syncline.provider.dataset.ProviderProperties;
import io.syncline.provider.problem.ProblemException;
import io.syncline.provider.request.Caller;
import io.syncline.provider.request.RequestKeys;
import io.syncline.provider.store.Ids;
import io.syncline.provider.store.SqlDialect;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;

/** Imports a received body: all of it in one transaction, or nothing. */
@Service
class Imports {

    private static final Logger LOG = LoggerFactory.getLogger(Imports.class);

    private final ImportProperties properties;
    private final ProviderProperties provider;
    private final RequestKeys keys;
    private final DatasetStates states;
    private final JdbcImports imports;
    private final Changes changes;
    private final TriggerSender triggers;
    private final JdbcTemplate jdbc;
    private final SqlDialect dialect;

    Imports(
            ImportProperties properties,
            ProviderProperties provider,
            RequestKeys keys,
            DatasetStates states,
            JdbcImports imports,
            Changes changes,
            TriggerSender triggers,
            JdbcTemplate jdbc,
            SqlDialect dialect) {
        this.properties = properties;
        this.provider = provider;
        this.keys = keys;
        this.states = states;
        this.imports = imports;
        this.changes = changes;
        this.triggers = triggers;
        this.jdbc = jdbc;
        this.dialect = dialect;
    }

    /**
     * @param trigger whether the trigger message is asked for
     * @param subject of the trigger message; the day of {@code asOf} when null
     */
    RequestKeys.Outcome<ImportAnswer> run(
            Dataset dataset,
            ReceivedBody body,
            boolean trigger,
            @Nullable String subject,
            Caller caller,
            @Nullable String key)
            throws IOException {
        var wanted = readWhole(dataset, body);
        var path = "/datasets/" + dataset.name() + "/imports";
        var request = body.sha256() + "\n" + trigger + "\n" + subject;
        return keys.once(
                caller,
                path,
                key,
                request,
                ImportAnswer.class,
                now -> write(dataset, body, wanted, trigger || dataset.triggerOnImport(), subject, caller, now));
    }

    /** Reads the whole body once before anything is locked, so that all flaws are answered together. */
    private Bag readWhole(Dataset dataset, ReceivedBody body) throws IOException {
        var flaws = new Flaws(properties.maxErrors());
        var wanted = new Bag();
        try (var in = body.open()) {
            file(dataset).read(in, flaws, dataset.hasKey() ? row -> {} : row -> wanted.add(row.cells()));
        } catch (UnreadableCsvException unreadable) {
            flaws.add(unreadable);
            throw ProblemException.of(
                            400,
                            "not-csv",
                            "The body is not CSV in " + dataset.form().charset().name())
                    .detail("Nothing was changed; the last error names the line where reading ended")
                    .errors(flaws.list());
        }
        refuse(flaws);
        return wanted;
    }

    private static void refuse(Flaws flaws) {
        if (!flaws.isEmpty()) {
            throw ProblemException.of(422, "import-rejected", "The file does not fit the dataset")
                    .detail(
                            flaws.isFull()
                                    ? "Nothing was changed; these are the first errors, there may be more"
                                    : "Nothing was changed; correct the lines named in errors")
                    .errors(flaws.list());
        }
    }

    private NewContent content(Connection connection, Dataset dataset, String id, Flaws flaws, Bag wanted)
            throws SQLException {
        return dataset.hasKey()
                ? new TableImport(connection, dataset, id, flaws, changes, properties.batchRows())
                : new BagImport(connection, dataset, wanted, properties.batchRows());
    }

    private CsvFile file(Dataset dataset) {
        return new CsvFile(dataset, properties.maxRecordChars(), dialect.boundsTextInBytes());
    }

    private ImportAnswer write(
            Dataset dataset,
            ReceivedBody body,
            Bag wanted,
            boolean trigger,
            @Nullable String subject,
            Caller caller,
            Instant now) {
        var before = states.lock(dataset.name())
                .orElseThrow(() -> ProblemException.of(
                                409, "import-in-progress", "Another import of this dataset is being written")
                        .detail("Nothing was changed; try again after the time in Retry-After")
                        .header("Retry-After", "1"));
        var asOf = DatasetStates.nextAsOf(before.asOf(), now);
        var id = Ids.next();
        var answer = jdbc.execute((ConnectionCallback<ImportAnswer>) connection -> {
            var flaws = new Flaws(properties.maxErrors());
            try (var table = content(connection, dataset, id, flaws, wanted);
                    var in = body.open()) {
                file(dataset).read(in, flaws, row -> add(table, row));
                table.end();
                refuse(flaws);
                return new ImportAnswer(
                        id,
                        dataset.name(),
                        asOf,
                        now,
                        table.inserted() + table.updated() + table.unchanged(),
                        table.inserted(),
                        table.updated(),
                        table.deleted(),
                        table.unchanged(),
                        body.sha256(),
                        body.bytes(),
                        trigger ? id : null);
            } catch (SqlInIoException wrapped) {
                throw wrapped.cause;
            } catch (IOException unreadable) {
                throw new UncheckedIOException("The received body of import " + id + " cannot be read", unreadable);
            }
        });
        if (answer == null) {
            throw new IllegalStateException("Import " + id + " ended without an answer");
        }
        states.imported(dataset.name(), asOf, now, answer.rows(), id);
        imports.insert(answer, caller.subject());
        if (trigger) {
            triggers.send(message(dataset, answer, subject));
        }
        LOG.info(
                "Import {} of {}: {} rows, {} inserted, {} updated, {} deleted",
                id,
                dataset.name(),
                answer.rows(),
                answer.inserted(),
                answer.updated(),
                answer.deleted());
        return answer;
    }

    private TriggerEvent message(Dataset dataset, ImportAnswer answer, @Nullable String subject) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("dataset", dataset.name());
        data.put("importId", answer.importId());
        data.put("asOf", answer.asOf().toString());
        data.put("rows", answer.rows());
        data.put("sha256", answer.sha256());
        return new TriggerEvent(
                provider.source(),
                answer.importId(),
                dataset.triggerType(),
                subject != null ? subject : answer.asOf().toString().substring(0, "2026-11-20".length()),
                answer.importedAt(),
                null,
                data);
    }

    private static void add(NewContent table, ImportRow row) throws IOException {
        try {
            table.add(row);
        } catch (SQLException refused) {
            throw new SqlInIoException(refused);
        }
    }

    /** Carries a database error through the reader of the file. */
    private static final class SqlInIoException extends IOException {

        private final SQLException cause;

        SqlInIoException(SQLException cause) {
            super(cause);
            this.cause = cause;
        }
    }
}
