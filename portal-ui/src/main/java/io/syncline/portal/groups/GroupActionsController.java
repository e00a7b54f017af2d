package io.syncline.portal.groups;

import io.syncline.portal.groups.Groups.StoredGroup;
import io.syncline.portal.page.Confirmation;
import io.syncline.portal.page.LocalPath;
import io.syncline.portal.page.Numbers;
import io.syncline.portal.page.Place;
import io.syncline.portal.platform.ApiAnswer;
import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.Platform;
import io.syncline.portal.platform.PlatformException;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** What is done to a whole group, each asked before it is done: pause, resume, restore, detach, delete. */
@Controller
class GroupActionsController {

    private static final String DRY_REASON = "{\"reason\": \"what would change\"}";
    private static final int HELD_SHOWN = 20;

    private final Groups groups;
    private final Platform platform;

    GroupActionsController(Groups groups, Platform platform) {
        this.groups = groups;
        this.platform = platform;
    }

    @GetMapping("/groups/{key}/pause")
    String askPause(@PathVariable String key, @RequestParam(required = false) @Nullable String back, Model model) {
        var standing = platform.ask(
                ApiCall.post("/api/v1/groups/{key}/pause", key)
                        .query("dryRun", true)
                        .body(DRY_REASON, "application/json")
                        .needs(Groups.WRITE),
                PauseAnswer.class);
        return asked(model, pause(key, back).affecting(standing.pauseLines()));
    }

    @PostMapping("/groups/{key}/pause")
    String pause(
            @PathVariable String key,
            @RequestParam(defaultValue = "") String reason,
            @RequestParam("key") String once,
            @RequestParam(required = false) @Nullable String back,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return done(
                new Deed(pause(key, back), reason, "Group " + key + " is paused: it starts nothing more."),
                model,
                response,
                redirect,
                () -> platform.answer(ApiCall.post("/api/v1/groups/{key}/pause", key)
                        .body(Map.of("reason", reason))
                        .once(once)
                        .needs(Groups.WRITE)));
    }

    private static Confirmation pause(String key, @Nullable String back) {
        return Confirmation.of(
                "Pause group " + key,
                "It starts nothing more until it is resumed: what triggers it waits. Runs that are active go on.",
                "Pause group " + key,
                "/groups/" + key + "/pause",
                back(key, back),
                false);
    }

    @GetMapping("/groups/{key}/resume")
    String askResume(
            @PathVariable String key,
            @RequestParam(defaultValue = "all") String held,
            @RequestParam(required = false) @Nullable String back,
            Model model) {
        var ended = platform.ask(
                ApiCall.post("/api/v1/groups/{key}/resume", key)
                        .query("held", held)
                        .query("dryRun", true)
                        .body(DRY_REASON, "application/json")
                        .needs(Groups.WRITE),
                PauseAnswer.class);
        var lines = new ArrayList<>(ended.resumeLines());
        lines.addAll(waiting(key));
        return asked(model, resume(key, held, back).affecting(lines));
    }

    @PostMapping("/groups/{key}/resume")
    String resume(
            @PathVariable String key,
            @RequestParam(defaultValue = "all") String held,
            @RequestParam(defaultValue = "") String reason,
            @RequestParam("key") String once,
            @RequestParam(required = false) @Nullable String back,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return done(
                new Deed(resume(key, held, back), reason, "Group " + key + " is resumed."),
                model,
                response,
                redirect,
                () -> platform.answer(ApiCall.post("/api/v1/groups/{key}/resume", key)
                        .query("held", held)
                        .body(Map.of("reason", reason))
                        .once(once)
                        .needs(Groups.WRITE)));
    }

    private static Confirmation resume(String key, String held, @Nullable String back) {
        var consequence = switch (held) {
            case "latest" ->
                "Of the runs whose trigger came during the pause the newest of each ordering key starts; the others end SKIPPED.";
            case "none" -> "The runs whose trigger came during the pause end SKIPPED; what comes from now on starts.";
            default -> "All runs that wait because of the pause start, in their order.";
        };
        return Confirmation.of(
                "Resume group " + key,
                consequence,
                "Resume group " + key,
                "/groups/" + key + "/resume?held=" + (held.matches("[a-z]{1,10}") ? held : "all"),
                back(key, back),
                !held.equals("all"));
    }

    /** What waits in the group now; nothing when this person may not see runs. */
    private List<String> waiting(String key) {
        try {
            var runs = platform.ask(
                    ApiCall.get("/api/v1/runs")
                            .query("group", key)
                            .query("state", "QUEUED")
                            .query("limit", HELD_SHOWN)
                            .needs("runs:read"),
                    Waiting.class);
            var lines = new ArrayList<>(runs.items().stream()
                    .map(run -> "run %s waits%s"
                            .formatted(
                                    run.runId(),
                                    run.businessKey() == null ? "" : ", business key " + run.businessKey()))
                    .toList());
            if (runs.nextCursor() != null) {
                lines.add("and more than %s others".formatted(Numbers.grouped((long) HELD_SHOWN)));
            }
            return lines;
        } catch (PlatformException notToldOrNotAllowed) {
            return List.of();
        }
    }

    @GetMapping("/groups/{key}/versions/{number}/restore")
    String askRestore(@PathVariable String key, @PathVariable int number, Model model) {
        var current = groups.group(key);
        var wanted = groups.version(key, number);
        var lines = groups.plan(wanted.yaml()).items().stream()
                .flatMap(item -> ChangeRow.all(item.changes(), current.document(), wanted.document()).stream())
                .map(ChangeRow::line)
                .toList();
        return asked(model, restore(key, number, current.version()).affecting(lines));
    }

    @PostMapping("/groups/{key}/versions/{number}/restore")
    String restore(
            @PathVariable String key,
            @PathVariable int number,
            @RequestParam int over,
            @RequestParam(defaultValue = "") String reason,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return done(
                new Deed(
                        restore(key, number, over),
                        reason,
                        "Version %d is restored as a new version.".formatted(number)),
                model,
                response,
                redirect,
                () -> groups.save(key, groups.version(key, number).yaml(), over, reason, false));
    }

    /** @param over the version that stands; when another one does by then, the platform refuses */
    private static Confirmation restore(String key, int number, int over) {
        return Confirmation.of(
                "Restore version %d of %s".formatted(number, key),
                "Its definition becomes a new version after version %d. Runs that are active keep theirs."
                        .formatted(over),
                "Restore version " + number,
                "/groups/%s/versions/%d/restore?over=%d".formatted(key, number, over),
                "/groups/" + key,
                false);
    }

    @GetMapping("/groups/{key}/detach")
    String askDetach(@PathVariable String key, Model model) {
        return asked(model, detach(key, groups.group(key)));
    }

    @PostMapping("/groups/{key}/detach")
    String detach(
            @PathVariable String key,
            @RequestParam(defaultValue = "") String reason,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        var stored = groups.group(key);
        return done(
                new Deed(detach(key, stored), reason, "Group " + key + " is changed by hand from now on."),
                model,
                response,
                redirect,
                () -> groups.save(key, stored.yaml(), stored.version(), reason, true));
    }

    private static Confirmation detach(String key, StoredGroup stored) {
        var source = stored.status().managedSource();
        return Confirmation.of(
                "Detach group %s from its files".formatted(key),
                "The files%s no longer decide over it: it is changed here, and applying the files takes it back."
                        .formatted(source == null || source.isEmpty() ? "" : " at " + source),
                "Detach group " + key,
                "/groups/" + key + "/detach",
                "/groups/" + key,
                true);
    }

    @GetMapping("/groups/{key}/delete")
    String askDelete(@PathVariable String key, Model model) {
        return asked(model, delete(key, groups.group(key).version()));
    }

    @PostMapping("/groups/{key}/delete")
    String delete(
            @PathVariable String key,
            @RequestParam int version,
            @RequestParam(defaultValue = "") String reason,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        var deed = new Deed(delete(key, version), reason, "Group " + key + " is deleted.");
        return done(deed, "/groups", model, response, redirect, () -> groups.delete(key, version, reason, false));
    }

    private static Confirmation delete(String key, int version) {
        return Confirmation.of(
                "Delete group " + key,
                "Its rules, schedule and expectations end; its versions and runs stay readable.",
                "Delete group " + key,
                "/groups/%s/delete?version=%d".formatted(key, version),
                "/groups/" + key,
                true);
    }

    /** A confirmed action: what was asked, why, and what is said when it is done. */
    private record Deed(Confirmation asked, String reason, String words) {}

    private static String asked(Model model, Confirmation confirmation) {
        return confirmation.view(model, Place.GROUPS);
    }

    private static String done(
            Deed deed,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect,
            Supplier<ApiAnswer> action) {
        return done(deed, deed.asked().back(), model, response, redirect, action);
    }

    private static String done(
            Deed deed,
            String next,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect,
            Supplier<ApiAnswer> action) {
        if (deed.reason().isBlank()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return asked(model, deed.asked().withoutReason());
        }
        try {
            var answer = action.get();
            redirect.addFlashAttribute(
                    "done",
                    answer.status() == HttpStatus.ACCEPTED.value() ? PendingChange.words(answer) : deed.words());
            return "redirect:" + next;
        } catch (PlatformException refusal) {
            if (!refusal.isAboutForm()) {
                throw refusal;
            }
            response.setStatus(refusal.formStatus().value());
            return asked(model, deed.asked().refused(deed.reason(), refusal));
        }
    }

    private static String back(String key, @Nullable String back) {
        return LocalPath.of(back).map(LocalPath::text).orElse("/groups/" + key);
    }

    record PauseAnswer(GroupList.@Nullable Paused paused, GroupList.@Nullable Paused ended) {

        /** Empty unless the group is paused already: then that pause stays. */
        List<String> pauseLines() {
            return paused == null || paused.reason() == null || DRY_REASON.contains(paused.reason())
                    ? List.of()
                    : List.of("It is paused already, by %s: %s".formatted(paused.by(), paused.reason()));
        }

        List<String> resumeLines() {
            return ended == null
                    ? List.of("It is not paused: nothing would change.")
                    : List.of("The pause of %s ends: %s".formatted(ended.by(), ended.reason()));
        }
    }

    record Waiting(List<Run> items, @Nullable String nextCursor) {

        record Run(String runId, @Nullable String businessKey) {}
    }
}
