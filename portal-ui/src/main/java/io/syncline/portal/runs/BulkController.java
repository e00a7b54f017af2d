package io.syncline.portal.runs;

import io.syncline.portal.page.Confirmation;
import io.syncline.portal.page.LocalPath;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.Numbers;
import io.syncline.portal.page.Place;
import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.Platform;
import io.syncline.portal.platform.PlatformException;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.springframework.web.util.UriComponentsBuilder;

/** One action on the runs that were ticked, or on all that match: asked for, ordered, and followed until it is done or stopped. */
@Controller
class BulkController {

    private static final String READ = "runs:read";
    private static final String OPERATE = "runs:operate";
    private static final String REASON_OF_DRY_RUN = "to show what would change";
    private static final String EACH_BY_ITSELF =
            " Each run is tried by itself; one that is in no fitting state is left out.";
    private static final int MOST_RUNS = 100;

    private final Platform platform;

    BulkController(Platform platform) {
        this.platform = platform;
    }

    @GetMapping("/runs/bulk")
    String ask(
            @RequestParam(required = false) @Nullable String action,
            @RequestParam(required = false) @Nullable List<String> runId,
            @RequestParam(required = false) @Nullable String back,
            Model model,
            RedirectAttributes flash) {
        if (runId == null || runId.isEmpty()) {
            flash.addFlashAttribute("done", "Nothing was done: tick the runs first.");
            return "redirect:" + wayBack(back, "/runs");
        }
        var deed = deed(action);
        var runs = chosen(runId);
        var foreseen = platform.ask(order(runs, deed, REASON_OF_DRY_RUN).query("dryRun", true), BulkJob.Foreseen.class);
        return page(question(runs, deed, back).affecting(lines(foreseen)), model);
    }

    @PostMapping("/runs/bulk")
    String act(
            @RequestParam String action,
            @RequestParam List<String> runId,
            @RequestParam(defaultValue = "") String reason,
            @RequestParam(required = false) @Nullable String typed,
            @RequestParam String key,
            @RequestParam(required = false) @Nullable String back,
            Model model,
            HttpServletResponse response) {
        var deed = deed(action);
        var runs = chosen(runId);
        if (!question(runs, deed, back).isMeant(typed)) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return page(question(runs, deed, back).notMeant(reason), model);
        }
        try {
            var job = platform.ask(order(runs, deed, reason).once(key), BulkJob.class);
            return "redirect:" + pathOf(job.bulkId());
        } catch (PlatformException refusal) {
            return again(question(runs, deed, back), reason, refusal, model, response);
        }
    }

    /** All runs that a list shows, on all its pages, as they stand now. */
    @GetMapping("/runs/bulk/all")
    String askForAll(
            @ModelAttribute("filter") RunFilter filter,
            @RequestParam(required = false) @Nullable String action,
            @RequestParam(required = false) @Nullable String back,
            Moments moments,
            Model model,
            RedirectAttributes flash) {
        var deed = deed(action);
        var frozen = frozen(filter, moments);
        var foreseen = foresee(frozen, deed);
        if (foreseen.matched() == 0) {
            flash.addFlashAttribute("done", "Nothing was done: no run matches.");
            return "redirect:" + wayBack(back, "/runs");
        }
        return page(question(frozen, foreseen, deed, back, moments), model);
    }

    @PostMapping("/runs/bulk/all")
    String actOnAll(
            @ModelAttribute("filter") RunFilter filter,
            @RequestParam String action,
            @RequestParam int matched,
            @RequestParam(defaultValue = "") String reason,
            @RequestParam(required = false) @Nullable String typed,
            @RequestParam String key,
            @RequestParam(required = false) @Nullable String back,
            Moments moments,
            Model model,
            HttpServletResponse response) {
        var deed = deed(action);
        var frozen = frozen(filter, moments);
        var meant = question(frozen, new BulkJob.Foreseen(matched, null), deed, back, moments);
        if (!meant.isMeant(typed)) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return page(meant.notMeant(reason), model);
        }
        try {
            var job =
                    platform.ask(order(frozen.toOrder(), deed, reason, matched).once(key), BulkJob.class);
            return "redirect:" + pathOf(job.bulkId());
        } catch (PlatformException refusal) {
            // The number is another one by now: it is told, and typed anew.
            var asked = refusal.kind() == PlatformException.Kind.CONFLICT
                    ? question(frozen, foresee(frozen, deed), deed, back, moments)
                    : meant;
            return again(asked, reason, refusal, model, response);
        }
    }

    private BulkJob.Foreseen foresee(RunFilter frozen, RunDeed deed) {
        return platform.ask(
                order(frozen.toOrder(), deed, REASON_OF_DRY_RUN, null).query("dryRun", true), BulkJob.Foreseen.class);
    }

    private static RunFilter frozen(RunFilter filter, Moments moments) {
        return filter.frozen(moments).orElseThrow(() -> new ResponseStatusException(HttpStatus.BAD_REQUEST));
    }

    private static Confirmation question(
            RunFilter frozen, BulkJob.Foreseen foreseen, RunDeed deed, @Nullable String back, Moments moments) {
        var many = Numbers.counted(foreseen.matched(), "run", "runs");
        var fields = new ArrayList<Confirmation.Field>();
        frozen.conditions().forEach(one -> fields.add(new Confirmation.Field(one.name(), one.text())));
        fields.add(new Confirmation.Field("all", "true"));
        fields.add(new Confirmation.Field("matched", String.valueOf(foreseen.matched())));
        var lines = new ArrayList<String>();
        lines.add("All runs with "
                + frozen.conditions().stream()
                        .map(one -> one.label() + " " + words(one, moments))
                        .collect(Collectors.joining(", "))
                + ".");
        lines.addAll(lines(foreseen));
        return Confirmation.of(
                        deed.label() + ": all " + many + " that match",
                        deed.consequence() + EACH_BY_ITSELF,
                        deed.label() + " (" + many + ")",
                        "/runs/bulk/all?action=" + deed.path(),
                        wayBack(back, "/runs"),
                        deed.isHard())
                .sending(fields)
                .about(foreseen.matched())
                .affecting(lines);
    }

    private static String words(RunFilter.Condition condition, Moments moments) {
        if (!condition.name().equals("from") && !condition.name().equals("to")) {
            return condition.words();
        }
        try {
            return moments.of(Instant.parse(condition.text())).text();
        } catch (DateTimeParseException asItIs) {
            return condition.text();
        }
    }

    @GetMapping("/runs/bulk/{bulkId}")
    String job(@PathVariable String bulkId, Moments moments, Model model) {
        var job = platform.ask(ApiCall.get("/api/v1/bulk/{bulkId}", bulkId).needs(READ), BulkJob.class);
        model.addAttribute("job", job);
        model.addAttribute("title", title(job));
        model.addAttribute("created", job.created(moments));
        model.addAttribute("ended", job.ended(moments));
        return "bulk";
    }

    @GetMapping("/runs/bulk/{bulkId}/stop")
    String askToStop(@PathVariable String bulkId, Model model) {
        var job = platform.ask(ApiCall.get("/api/v1/bulk/{bulkId}", bulkId).needs(READ), BulkJob.class);
        return page(
                stopping(bulkId)
                        .affecting(List.of("%s not tried yet."
                                .formatted(Numbers.counted(job.counts().pending(), "run is", "runs are")))),
                model);
    }

    @PostMapping("/runs/bulk/{bulkId}/stop")
    String stop(
            @PathVariable String bulkId,
            @RequestParam(defaultValue = "") String reason,
            @RequestParam String key,
            Model model,
            HttpServletResponse response,
            RedirectAttributes flash) {
        try {
            platform.tell(ApiCall.post("/api/v1/bulk/{bulkId}/cancel", bulkId)
                    .body(Map.of("reason", reason.strip()))
                    .needs(OPERATE)
                    .once(key));
        } catch (PlatformException refusal) {
            return again(stopping(bulkId), reason, refusal, model, response);
        }
        flash.addFlashAttribute("done", "Stopped: nothing more is done, what was done stays.");
        return "redirect:" + pathOf(bulkId);
    }

    private static Confirmation stopping(String bulkId) {
        return Confirmation.of(
                "Stop this order",
                "Nothing more is done; what was done stays.",
                "Stop",
                pathOf(bulkId) + "/stop",
                pathOf(bulkId),
                true);
    }

    private static String title(BulkJob job) {
        var label = RunDeed.of(job.action()).map(RunDeed::label).orElse(String.valueOf(job.action()));
        return "%s: %s".formatted(label, Numbers.counted(job.counts().matched(), "run", "runs"));
    }

    private static Confirmation question(List<String> runs, RunDeed deed, @Nullable String back) {
        var target = UriComponentsBuilder.fromPath("/runs/bulk").queryParam("action", deed.path());
        for (int i = 0; i < runs.size(); i++) {
            target.queryParam("runId", "{run" + i + "}");
        }
        var many = Numbers.counted(runs.size(), "run", "runs");
        return Confirmation.of(
                        deed.label() + ": " + many,
                        deed.consequence() + EACH_BY_ITSELF,
                        deed.label() + " (" + many + ")",
                        target.encode().buildAndExpand(runs.toArray()).toUriString(),
                        back == null ? "/runs" : back,
                        deed.isHard())
                .about(runs.size());
    }

    private static List<String> lines(BulkJob.Foreseen foreseen) {
        var lines = new ArrayList<String>();
        for (var one : foreseen.sample() == null ? List.<BulkJob.Sample>of() : foreseen.sample()) {
            lines.add("Run %s: %s"
                    .formatted(
                            RunRow.shortened(one.runId()),
                            "DONE".equals(one.outcome())
                                    ? "will be done."
                                    : "will be left out. " + (one.detail() == null ? "" : one.detail())));
        }
        if (foreseen.matched() > lines.size()) {
            lines.add("And %s more.".formatted(Numbers.counted(foreseen.matched() - lines.size(), "run", "runs")));
        }
        return lines;
    }

    private static ApiCall order(List<String> runs, RunDeed deed, String reason) {
        return order(Map.of("runId", runs), deed, reason, null);
    }

    /** @param matched of so many runs; null: of however many there are */
    private static ApiCall order(Map<String, Object> filter, RunDeed deed, String reason, @Nullable Integer matched) {
        var body = new HashMap<String, Object>(deed.arguments());
        body.put("action", deed.wire());
        body.put("reason", reason.strip());
        body.put("filter", filter);
        if (matched != null) {
            body.put("matched", matched);
        }
        return ApiCall.post("/api/v1/bulk").body(body).needs(OPERATE);
    }

    private static List<String> chosen(List<String> runIds) {
        return runIds.stream().distinct().limit(MOST_RUNS).toList();
    }

    private static RunDeed deed(@Nullable String action) {
        return RunDeed.of(action)
                .filter(deed -> RunDeed.forMany().contains(deed))
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }

    private static String again(
            Confirmation question,
            String reason,
            PlatformException refusal,
            Model model,
            HttpServletResponse response) {
        if (!refusal.isAboutForm()) {
            throw refusal;
        }
        response.setStatus(refusal.formStatus().value());
        return page(question.refused(reason, refusal), model);
    }

    private static String page(Confirmation confirmation, Model model) {
        return confirmation.view(model, Place.RUNS);
    }

    private static String pathOf(String bulkId) {
        return UriComponentsBuilder.fromPath("/runs/bulk/{id}")
                .encode()
                .buildAndExpand(bulkId)
                .toUriString();
    }

    private static String wayBack(@Nullable String back, String otherwise) {
        return LocalPath.of(back).map(LocalPath::text).orElse(otherwise);
    }
}
