package io.syncline.provider.extract;

import io.swagger.v3.oas.annotations.Operation;
import io.syncline.contracts.ExtractManifest.ExtractFile;
import io.syncline.contracts.ExtractManifest.State;
import io.syncline.provider.dataset.Datasets;
import io.syncline.provider.extract.JdbcExtracts.Listed;
import io.syncline.provider.extract.JdbcExtracts.Size;
import io.syncline.provider.problem.ProblemException;
import io.syncline.provider.request.PageLimit;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Which extracts are kept; their content is behind {@link ExtractsController} and takes another scope. */
@RestController
class ExtractListController {

    private static final String ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    /** Behind every id. */
    private static final String AFTER_ALL = "g";

    private static final int MOST_FILES = 200;

    private final JdbcExtracts extracts;
    private final Datasets datasets;

    ExtractListController(JdbcExtracts extracts, Datasets datasets) {
        this.extracts = extracts;
        this.datasets = datasets;
    }

    /** @param requestedBy whoever asked for it first: others may have been given the same; null when that was not noted */
    record ExtractItem(
            String extractId,
            String dataset,
            State state,
            FileFormat format,
            int rowsPerFile,
            Instant asOf,
            @Nullable Long rows,
            long files,
            long bytes,
            Instant createdAt,
            @Nullable Instant endedAt,
            Instant expiresAt,
            @Nullable String failure,
            @Nullable String requestedBy) {

        static ExtractItem of(Listed one, Size size) {
            return new ExtractItem(
                    one.extractId(),
                    one.dataset(),
                    one.state(),
                    one.format(),
                    one.rowsPerFile(),
                    one.asOf(),
                    one.rows(),
                    size.files(),
                    size.bytes(),
                    one.createdAt(),
                    one.endedAt(),
                    one.expiresAt(),
                    one.failure(),
                    one.requestedBy());
        }
    }

    record Page(List<ExtractItem> items, @Nullable String nextCursor) {}

    /** @param filesAreAll false: it has more */
    record Detail(ExtractItem extract, List<ExtractFile> files, boolean filesAreAll) {}

    @Operation(
            summary = "The extracts that are kept, the newest first",
            description = "The cursor is the id of the last one. Rows and bytes are there once it is READY.")
    @GetMapping("/extracts")
    Page list(
            @RequestParam(required = false) @Nullable String dataset,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable String limit) {
        var problem = ProblemException.of(400, "invalid-parameter", "A parameter is not of its type");
        if (cursor != null && !cursor.matches(ID)) {
            problem.error("parameter", "cursor", "is a nextCursor of this list", "cursor");
        }
        int count = PageLimit.read(limit, problem);
        if (problem.hasErrors()) {
            throw problem;
        }
        var of = dataset == null ? null : datasets.get(dataset).name();
        var found = extracts.list(cursor == null ? AFTER_ALL : cursor, of, count + 1);
        boolean more = found.size() > count;
        var shown = more ? found.subList(0, count) : found;
        var sizes = extracts.sizes(shown.stream().map(Listed::extractId).toList());
        return new Page(
                shown.stream()
                        .map(one -> ExtractItem.of(one, sizes.getOrDefault(one.extractId(), Size.NONE)))
                        .toList(),
                more ? shown.get(count - 1).extractId() : null);
    }

    @Operation(summary = "One extract with its files: how large they are, and their digests")
    @GetMapping("/extracts/{id}")
    Detail one(@PathVariable String id) {
        var found = extracts.listed(id).orElseThrow(Extracts::unknown);
        var size = extracts.sizes(List.of(id)).getOrDefault(id, Size.NONE);
        return new Detail(ExtractItem.of(found, size), extracts.firstFiles(id, MOST_FILES), size.files() <= MOST_FILES);
    }
}
