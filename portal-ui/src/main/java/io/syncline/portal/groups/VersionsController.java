package io.syncline.portal.groups;

import io.syncline.portal.page.Moments;
import io.syncline.portal.platform.CurrentPerson;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** The history of a group: who changed what, when and why. */
@Controller
class VersionsController {

    private static final int PAGE_ROWS = 50;

    private final Groups groups;
    private final CurrentPerson current;

    VersionsController(Groups groups, CurrentPerson current) {
        this.groups = groups;
        this.current = current;
    }

    @GetMapping("/groups/{key}/versions")
    String versions(
            @PathVariable String key,
            @RequestParam(required = false) @Nullable String cursor,
            Moments moments,
            Model model) {
        var page = groups.versions(key, PAGE_ROWS, cursor);
        model.addAttribute("key", key);
        model.addAttribute("isFirstPage", cursor == null || cursor.isBlank());
        model.addAttribute("nextCursor", page.nextCursor());
        model.addAttribute(
                "versions",
                page.items().stream()
                        .map(version -> VersionRow.of(version, moments))
                        .toList());
        return "group-versions";
    }

    /** Where the form that chooses two versions leads. */
    @GetMapping("/groups/{key}/compare")
    String compare(@PathVariable String key, @RequestParam int from, @RequestParam int to) {
        return "redirect:/groups/{key}/versions/" + to + "?compare=" + from;
    }

    @GetMapping("/groups/{key}/versions/{number}")
    String version(
            @PathVariable String key,
            @PathVariable int number,
            @RequestParam(required = false) @Nullable Integer compare,
            Moments moments,
            Model model) {
        var shown = groups.version(key, number);
        var newest = groups.versions(key, 1, null).items();
        var isNewest = newest.isEmpty() || newest.get(0).version() == number;
        model.addAttribute("key", key);
        model.addAttribute("number", number);
        model.addAttribute("created", moments.orNull(shown.status().createdAt()));
        model.addAttribute("createdBy", shown.status().createdBy());
        model.addAttribute("yaml", shown.yaml());
        model.addAttribute("compare", compare);
        model.addAttribute(
                "mayRestore",
                Allowance.of(current.session().person(), Groups.WRITE)
                        .unless(isNewest, "This is the newest version already."));
        if (compare != null) {
            var other = groups.version(key, compare);
            var diff = groups.diff(key, compare, number);
            model.addAttribute("changes", ChangeRow.all(diff.changes(), other.document(), shown.document()));
            model.addAttribute("lines", LineDiff.between(other.yaml(), shown.yaml()));
        }
        return "group-version";
    }
}
