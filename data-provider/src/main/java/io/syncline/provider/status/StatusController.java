package io.syncline.provider.status;

import io.swagger.v3.oas.annotations.Operation;
import io.syncline.provider.capture.CaptureStatus;
import io.syncline.provider.change.ChangeLogStatus;
import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.dataset.DatasetState;
import io.syncline.provider.dataset.DatasetStates;
import io.syncline.provider.dataset.Datasets;
import io.syncline.provider.lookup.LookupTimes;
import io.syncline.provider.push.PushStatus;
import io.syncline.provider.store.DatabaseClock;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /status}: how fresh each dataset is and how far its readers are; no row of any. */
@RestController
class StatusController {

    private final Datasets datasets;
    private final DatasetStates states;
    private final ChangeLogStatus logs;
    private final CaptureStatus capture;
    private final PushStatus push;
    private final LookupTimes lookups;
    private final DatabaseClock clock;

    StatusController(
            Datasets datasets,
            DatasetStates states,
            ChangeLogStatus logs,
            CaptureStatus capture,
            PushStatus push,
            LookupTimes lookups,
            DatabaseClock clock) {
        this.datasets = datasets;
        this.states = states;
        this.logs = logs;
        this.capture = capture;
        this.push = push;
        this.lookups = lookups;
        this.clock = clock;
    }

    /** Who writes a dataset. */
    enum Source {
        /** Files that are imported here, or this service row by row. */
        HERE,
        /** Other programs. */
        ELSEWHERE,
        /** Other programs, whose changes are read from the database's log. */
        CAPTURED
    }

    /** @param capture null: nothing is captured */
    record Status(
            Instant at,
            List<DatasetStatus> datasets,
            CaptureStatus.@Nullable Captured capture,
            PushStatus.Subscriptions subscriptions) {}

    /**
     * One dataset.
     *
     * @param rows as the last import or extract counted them
     * @param log null: its changes are not recorded
     * @param lookups of the instance that answers, since its start; null for a dataset without a key
     */
    record DatasetStatus(
            String name,
            Source source,
            @Nullable Long rows,
            @Nullable Instant asOf,
            @Nullable Instant importedAt,
            ChangeLogStatus.@Nullable Log log,
            LookupTimes.@Nullable Times lookups) {}

    @Operation(
            summary = "How the datasets, their change logs and their readers stand",
            description =
                    "Rows and times as last counted; nothing is counted for this answer but what waits and is dead,"
                            + " up to a bound. No row of any dataset is in it.")
    @GetMapping("/status")
    Status status() {
        var known = states.all().stream().collect(Collectors.toMap(DatasetState::name, Function.identity()));
        var logged = logs.all().stream().collect(Collectors.toMap(ChangeLogStatus.Log::dataset, Function.identity()));
        return new Status(
                clock.now(),
                datasets.all().stream()
                        .map(dataset -> status(dataset, known.get(dataset.name()), logged.get(dataset.name())))
                        .toList(),
                capture.captured().orElse(null),
                push.all());
    }

    private DatasetStatus status(Dataset dataset, @Nullable DatasetState state, ChangeLogStatus.@Nullable Log log) {
        return new DatasetStatus(
                dataset.name(),
                source(dataset),
                state == null ? null : state.rows(),
                state == null ? null : state.asOf(),
                state == null ? null : state.importedAt(),
                log,
                dataset.hasKey() ? lookups.times(dataset.name()) : null);
    }

    private static Source source(Dataset dataset) {
        if (dataset.captured()) {
            return Source.CAPTURED;
        }
        return dataset.writtenElsewhere() && !dataset.changes() ? Source.ELSEWHERE : Source.HERE;
    }
}
