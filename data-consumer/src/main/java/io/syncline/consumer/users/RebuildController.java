package io.syncline.consumer.users;

import io.swagger.v3.oas.annotations.Operation;
import io.syncline.client.problem.Problem;
import io.syncline.client.problem.ProblemException;
import io.syncline.consumer.users.Generation.Purpose;
import io.syncline.consumer.users.Generation.State;
import io.syncline.consumer.users.Rebuilds.Opened;
import io.syncline.consumer.users.Rebuilds.Status;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Rebuilds over HTTP: begin one, see how it is. */
@RestController
class RebuildController {

    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._-]{1,100}");

    private final Rebuilds rebuilds;

    RebuildController(Rebuilds rebuilds) {
        this.rebuilds = rebuilds;
    }

    /**
     * @param state FILLING, LIVE, RETIRED (another one went live since), or FAILED
     * @param lastError of the last try, while it goes on; why it was given up, when it FAILED
     * @param result what a comparison with the live view gave
     */
    record RebuildAnswer(
            String rebuildId,
            String purpose,
            String state,
            Instant openedAt,
            @Nullable Instant liveAt,
            @Nullable Instant endedAt,
            int tries,
            @Nullable String lastError,
            @Nullable String result,
            List<DatasetAnswer> datasets) {}

    /** How far a dataset is filled. */
    record DatasetAnswer(
            String dataset, @Nullable String extractId, boolean ready, long expectedRows, long rows, boolean filled) {}

    @Operation(summary = "Rebuild the user view from extracts beside the one that is read, and put it in its place")
    @PostMapping(path = "/users/rebuilds", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<RebuildAnswer> begin(
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String idempotencyKey) {
        var opened = rebuilds.open(Purpose.REBUILD, key(idempotencyKey));
        if (opened instanceof Opened.New begun) {
            var key = begun.generation().workKey();
            return ResponseEntity.created(URI.create("/users/rebuilds/" + key)).body(find(key));
        }
        if (opened instanceof Opened.Known known) {
            return ResponseEntity.ok(find(known.generation().workKey()));
        }
        throw new ProblemException(Problem.of(
                409,
                "rebuild-in-progress",
                "The view is being rebuilt",
                "Wait until the rebuild or reconciliation that goes on has ended."));
    }

    @Operation(summary = "How a rebuild is")
    @GetMapping(path = "/users/rebuilds/{rebuildId}", produces = MediaType.APPLICATION_JSON_VALUE)
    RebuildAnswer find(@PathVariable String rebuildId) {
        return rebuilds.find(rebuildId)
                .map(RebuildController::answer)
                .orElseThrow(() -> new ProblemException(Problem.of(
                        404,
                        "no-such-rebuild",
                        "There is no such rebuild",
                        "Ask for the rebuildId that the POST was answered with.")));
    }

    private static String key(@Nullable String header) {
        if (header == null) {
            return Rebuilds.newKey();
        }
        var key = header.strip();
        if (key.length() >= 2 && key.startsWith("\"") && key.endsWith("\"")) {
            key = key.substring(1, key.length() - 1);
        }
        if (!KEY.matcher(key).matches()) {
            throw new ProblemException(Problem.of(
                    400,
                    "idempotency-key-unreadable",
                    "The Idempotency-Key cannot be read",
                    "Send 1 to 100 letters, digits, dots, hyphens or underscores, in quotes."));
        }
        return "rebuild-" + key;
    }

    private static RebuildAnswer answer(Status status) {
        var generation = status.generation();
        return new RebuildAnswer(
                generation.workKey(),
                generation.purpose().name(),
                state(generation),
                generation.openedAt(),
                generation.liveAt(),
                generation.endedAt(),
                generation.tries(),
                generation.error(),
                generation.result(),
                status.sources().stream()
                        .map(source -> new DatasetAnswer(
                                source.dataset(),
                                source.extractId(),
                                source.readyAt() != null,
                                source.expectedRows(),
                                source.rowsFilled(),
                                source.isFilled()))
                        .toList());
    }

    static String state(Generation generation) {
        if (generation.state() == State.FILLING || generation.state() == State.LIVE) {
            return generation.state().name();
        }
        return generation.error() == null ? "RETIRED" : "FAILED";
    }
}
