package io.syncline.provider.dataset;

import io.syncline.provider.problem.ProblemException;
import io.syncline.provider.store.Sha256;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** The catalogue, and one row at a time. */
@RestController
class DatasetsController {

    private final Datasets datasets;
    private final DatasetStates states;
    private final Rows rows;
    private final JsonMapper json;

    DatasetsController(Datasets datasets, DatasetStates states, Rows rows, JsonMapper json) {
        this.datasets = datasets;
        this.states = states;
        this.rows = rows;
        this.json = json;
    }

    @GetMapping("/datasets")
    Catalogue list() {
        var known = states.all().stream().collect(Collectors.toMap(DatasetState::name, Function.identity()));
        return new Catalogue(
                datasets.all().stream()
                        .map(dataset -> view(dataset, known.get(dataset.name())))
                        .toList(),
                null);
    }

    @GetMapping("/datasets/{name}")
    DatasetView one(@PathVariable String name) {
        var dataset = datasets.get(name);
        return view(dataset, states.get(dataset.name()));
    }

    @GetMapping("/datasets/{name}/rows/{id}")
    ResponseEntity<byte[]> row(
            @PathVariable String name,
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String ifNoneMatch) {
        var dataset = datasets.get(name);
        var cells = rows.find(dataset, id)
                .orElseThrow(() -> ProblemException.of(404, "no-such-row", "There is no row with this id")
                        .detail(
                                dataset.hasKey()
                                        ? "The key of this dataset is " + String.join(",", dataset.keyNames())
                                        : "This dataset has no key; its rows are in extracts alone"));
        var bytes = new ByteArrayOutputStream(1024);
        try (var generator = json.createGenerator(bytes)) {
            RowJson.write(generator, dataset.columns(), cells);
        }
        var body = bytes.toByteArray();
        var etag = ETags.strong(Sha256.hex(body));
        if (ETags.noneMatchFails(ifNoneMatch, etag)) {
            return ResponseEntity.status(304)
                    .header(HttpHeaders.ETAG, etag)
                    .header(HttpHeaders.CACHE_CONTROL, "private, no-cache")
                    .build();
        }
        return ResponseEntity.ok()
                .header(HttpHeaders.ETAG, etag)
                .header(HttpHeaders.CACHE_CONTROL, "private, no-cache")
                .contentType(MediaType.APPLICATION_JSON)
                .body(body);
    }

    private static DatasetView view(Dataset dataset, @Nullable DatasetState state) {
        return new DatasetView(
                dataset.name(),
                dataset.columns().stream()
                        .map(column -> new ColumnView(
                                column.name(), column.type(), column.maxLength() == 0 ? null : column.maxLength()))
                        .toList(),
                dataset.keyNames(),
                state == null ? null : state.rows(),
                state == null ? new Freshness(null, null) : new Freshness(state.asOf(), state.importedAt()));
    }

    record Catalogue(List<DatasetView> items, @Nullable String nextCursor) {}

    record DatasetView(
            String name,
            List<ColumnView> columns,
            List<String> key,
            @Nullable Long rows,
            Freshness freshness) {}

    record ColumnView(
            String name, ColumnType type, @Nullable Integer maxLength) {}

    record Freshness(@Nullable Instant asOf, @Nullable Instant importedAt) {}
}
