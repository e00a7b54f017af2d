package io.syncline.portal.groups;

import io.syncline.portal.page.Moments;
import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.CurrentPerson;
import io.syncline.portal.platform.Person;
import io.syncline.portal.platform.Platform;
import io.syncline.portal.platform.PlatformException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** The list of task groups, the page of one, and both as files. */
@Controller
class GroupsController {

    private static final int FIRES_SHOWN = 8;
    private static final int VERSIONS_SHOWN = 5;
    private static final MediaType YAML = MediaType.parseMediaType("application/yaml;charset=UTF-8");

    private final Groups groups;
    private final Platform platform;
    private final CurrentPerson current;

    GroupsController(Groups groups, Platform platform, CurrentPerson current) {
        this.groups = groups;
        this.platform = platform;
        this.current = current;
    }

    @GetMapping("/groups")
    String list(@ModelAttribute("filter") GroupsFilter filter, Moments moments, Model model) {
        var list = groups.list(filter.question());
        model.addAttribute(
                "rows",
                list.items().stream().map(item -> GroupRow.of(item, moments)).toList());
        model.addAttribute("nextPage", list.nextCursor() == null ? null : filter.addressOfPageAt(list.nextCursor()));
        allowances(model);
        return "groups";
    }

    @GetMapping("/groups/{key}")
    String group(@PathVariable String key, Moments moments, Model model) {
        var stored = groups.group(key);
        var times = stored.document().has("schedule") ? groups.fireTimes(key, FIRES_SHOWN) : null;
        var versions = groups.versions(key, VERSIONS_SHOWN, null);
        model.addAttribute("group", GroupView.of(key, stored, moments));
        model.addAttribute("fires", times == null ? null : FireRow.all(times, moments));
        model.addAttribute("fireZone", times == null ? null : times.zone());
        model.addAttribute(
                "versions",
                versions.items().stream()
                        .map(version -> VersionRow.of(version, moments))
                        .toList());
        model.addAttribute("yaml", stored.yaml());
        if (current.session().person().may(Groups.READ_RUNS)) {
            grid(key, moments, model);
        }
        allowances(model);
        return "group";
    }

    /** The page stands without it. */
    private void grid(String key, Moments moments, Model model) {
        try {
            model.addAttribute("grid", Grid.of(groups.grid(key), moments));
        } catch (PlatformException trouble) {
            model.addAttribute("gridTrouble", trouble.words());
        }
    }

    /** One group as a file that the platform takes back. */
    @GetMapping("/groups/{key}/export")
    ResponseEntity<byte[]> export(@PathVariable String key) {
        return file(key + ".yaml", groups.group(key).yaml());
    }

    /** All groups within reach, those of a label, as one stream of documents. */
    @GetMapping("/groups/export")
    ResponseEntity<byte[]> exportAll(@RequestParam(required = false) @Nullable String label) {
        var answer = platform.answer(ApiCall.get("/api/v1/config/export")
                .query("kind", "TaskGroup")
                .query("label", label)
                .header(HttpHeaders.ACCEPT, "application/yaml")
                .needs(Groups.READ));
        return file("groups.yaml", answer.text());
    }

    private static ResponseEntity<byte[]> file(String name, String text) {
        return ResponseEntity.ok()
                .contentType(YAML)
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment().filename(name).build().toString())
                .body(text.getBytes(StandardCharsets.UTF_8));
    }

    private void allowances(Model model) {
        addAllowances(current.session().person(), model);
    }

    static void addAllowances(Person person, Model model) {
        model.addAttribute("mayWrite", Allowance.of(person, Groups.WRITE));
        model.addAttribute("mayStart", Allowance.of(person, Groups.OPERATE));
    }
}
