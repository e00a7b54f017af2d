package io.syncline.portal.sla;

import io.syncline.portal.page.Moments;
import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.Platform;
import io.syncline.portal.sla.SlaAnswer.OneGroup;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** How well groups keep to what they promise: all of them in a list, one of them day by day. */
@Controller
class SlaController {

    private static final String READ = "runs:read";

    private final Platform platform;

    SlaController(Platform platform) {
        this.platform = platform;
    }

    @GetMapping("/sla")
    String sla(
            @RequestParam(required = false) @Nullable String group,
            @RequestParam(required = false) @Nullable String range,
            @RequestParam(required = false) @Nullable String objective,
            Moments moments,
            Model model) {
        var chosen = SlaRange.of(range);
        model.addAttribute("range", chosen.days());
        model.addAttribute("ranges", SlaRange.CHOICES);
        if (group == null || group.isBlank()) {
            var all = all(chosen, moments);
            model.addAttribute(
                    "rows",
                    all.groups().stream()
                            .map(line -> GroupRow.of(line, moments))
                            .toList());
            model.addAttribute("groupsAreAll", all.groupsAreAll());
            return "sla";
        }
        var wanted = BudgetPart.objective(objective);
        var one = one(group.strip(), chosen, wanted, moments);
        model.addAttribute("objective", wanted);
        model.addAttribute("objectives", BudgetPart.OBJECTIVES);
        model.addAttribute("budget", BudgetPart.of(one.budget()));
        model.addAttribute("slowest", TaskTimesRow.all(one.tasks()));
        model.addAttribute("group", GroupRow.of(one.group(), one.freshness(), one.totals(), moments));
        model.addAttribute("isEmpty", one.totals().runs().value() == 0);
        model.addAttribute("charts", Charts.of(one));
        model.addAttribute("zone", one.zone());
        model.addAttribute("countedFrom", one.totals().runs().isAll() ? null : moments.of(one.countedFrom()));
        return "sla-group";
    }

    @GetMapping("/sla/groups.csv")
    ResponseEntity<byte[]> groups(@RequestParam(required = false) @Nullable String range, Moments moments) {
        var file = new CsvFile(
                "group",
                "on_time_percent",
                "on_time",
                "late",
                "failed",
                "left_out",
                "open",
                "p50_ms",
                "p95_ms",
                "last_success",
                "freshness_target",
                "all_runs_counted");
        for (var line : all(SlaRange.of(range), moments).groups()) {
            var totals = line.totals();
            file.row(
                    line.group(),
                    Share.number(totals.onTime(), (long) totals.onTime() + totals.late() + totals.failed()),
                    totals.onTime(),
                    totals.late(),
                    totals.failed(),
                    totals.leftOut(),
                    totals.open(),
                    totals.p50Millis(),
                    totals.p95Millis(),
                    line.freshness().lastSuccessAt(),
                    line.freshness().target(),
                    totals.runs().isAll());
        }
        return file.named("sla-groups.csv");
    }

    @GetMapping("/sla/on-time.csv")
    ResponseEntity<byte[]> onTime(
            @RequestParam String group, @RequestParam(required = false) @Nullable String range, Moments moments) {
        var file = new CsvFile("day", "on_time_percent", "on_time", "late", "failed", "left_out", "open");
        for (var day : one(group, SlaRange.of(range), moments).days()) {
            file.row(
                    day.day(),
                    Share.number(day.onTime(), (long) day.onTime() + day.missed()),
                    day.onTime(),
                    day.late(),
                    day.failed(),
                    day.leftOut(),
                    day.open());
        }
        return file.named("sla-on-time.csv");
    }

    @GetMapping("/sla/freshness.csv")
    ResponseEntity<byte[]> freshness(
            @RequestParam String group, @RequestParam(required = false) @Nullable String range, Moments moments) {
        var one = one(group, SlaRange.of(range), moments);
        var target = GroupRow.duration(one.freshness().target());
        var file = new CsvFile("day", "oldest_success_ms", "target_ms");
        for (var day : one.days()) {
            file.row(day.day(), day.oldestMillis(), target == null ? null : target.toMillis());
        }
        return file.named("sla-freshness.csv");
    }

    @GetMapping("/sla/duration.csv")
    ResponseEntity<byte[]> duration(
            @RequestParam String group, @RequestParam(required = false) @Nullable String range, Moments moments) {
        var file = new CsvFile("day", "p50_ms", "p95_ms");
        for (var day : one(group, SlaRange.of(range), moments).days()) {
            file.row(day.day(), day.p50Millis(), day.p95Millis());
        }
        return file.named("sla-duration.csv");
    }

    @GetMapping("/sla/causes.csv")
    ResponseEntity<byte[]> causes(
            @RequestParam String group, @RequestParam(required = false) @Nullable String range, Moments moments) {
        var file = new CsvFile("cause", "runs");
        for (var cause : one(group, SlaRange.of(range), moments).causes()) {
            file.row(cause.cause(), cause.runs());
        }
        return file.named("sla-causes.csv");
    }

    private SlaAnswer.Groups all(SlaRange range, Moments moments) {
        return platform.ask(
                ApiCall.get("/api/v1/sla").query("from", range.from(moments)).needs(READ), SlaAnswer.Groups.class);
    }

    @GetMapping("/sla/tasks.csv")
    ResponseEntity<byte[]> tasks(
            @RequestParam String group, @RequestParam(required = false) @Nullable String range, Moments moments) {
        var file = new CsvFile("task", "runs", "p50_ms", "p95_ms", "longest_ms");
        for (var task : one(group, SlaRange.of(range), moments).tasks()) {
            file.row(task.task(), task.runs(), task.p50Millis(), task.p95Millis(), task.longestMillis());
        }
        return file.named("sla-tasks.csv");
    }

    private OneGroup one(String group, SlaRange range, Moments moments) {
        return one(group, range, null, moments);
    }

    private OneGroup one(String group, SlaRange range, @Nullable String objective, Moments moments) {
        return platform.ask(
                ApiCall.get("/api/v1/groups/{key}/sla", group)
                        .query("from", range.from(moments))
                        .query("zone", moments.zoneName())
                        .query("objective", objective)
                        .needs(READ),
                OneGroup.class);
    }
}
