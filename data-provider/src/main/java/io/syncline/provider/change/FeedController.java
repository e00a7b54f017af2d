package io.syncline.provider.change;

import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.dataset.Datasets;
import io.syncline.provider.problem.ProblemException;
import io.syncline.provider.request.PageLimit;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /datasets/{name}/changes}: the change feed of a dataset. */
@RestController
class FeedController {

    private final Datasets datasets;
    private final FeedPages pages;
    private final FeedWaiters waiters;
    private final ChangeProperties properties;

    FeedController(Datasets datasets, FeedPages pages, FeedWaiters waiters, ChangeProperties properties) {
        this.datasets = datasets;
        this.pages = pages;
        this.waiters = waiters;
        this.properties = properties;
    }

    /** @return the page, or the promise of one to a reader who waits */
    @GetMapping("/datasets/{name}/changes")
    Object changes(
            @PathVariable String name,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable String wait,
            @RequestParam(required = false) @Nullable String limit) {
        var problem = ProblemException.of(400, "invalid-parameter", "A parameter is not of its type");
        var time = wait(wait, problem);
        int count = PageLimit.read(limit, problem);
        // What is no parameter at all comes before what is no dataset; which cursors there are only a dataset knows.
        if (problem.hasErrors()) {
            throw problem;
        }
        var dataset = datasets.get(name);
        refuseWithoutLog(dataset);
        var place = new FeedPlace(name, seq(name, after), count);
        var page = pages.read(place);
        return page.isEmpty() && !time.isZero() ? waiters.await(place, time) : page.answer();
    }

    private static void refuseWithoutLog(Dataset dataset) {
        if (!dataset.changes()) {
            throw ProblemException.of(404, "no-change-log", "This dataset has no change log")
                    .detail("Its changes are not recorded; compare extracts instead");
        }
    }

    private static long seq(String dataset, @Nullable String after) {
        if (after == null) {
            return 0;
        }
        return ChangeCursor.read(dataset, after)
                .orElseThrow(() -> ProblemException.of(400, "invalid-parameter", "A parameter is not of its type")
                        .error(
                                "parameter",
                                "after",
                                "is a nextCursor of this dataset's feed or the changes of its extract",
                                "cursor"));
    }

    private Duration wait(@Nullable String text, ProblemException problem) {
        if (text == null) {
            return Duration.ZERO;
        }
        try {
            var wait = Duration.parse(text);
            if (!wait.isNegative() && wait.compareTo(properties.maxWait()) <= 0) {
                return wait;
            }
        } catch (DateTimeParseException wrong) {
            // Answered below like a time out of range.
        }
        problem.error("parameter", "wait", "is a duration from PT0S to " + properties.maxWait(), "type");
        return Duration.ZERO;
    }
}
