package io.syncline.portal.groups;

import io.syncline.portal.groups.Drafts.Draft;
import io.syncline.portal.groups.Merge.Side;
import io.syncline.portal.page.Moments;
import io.syncline.portal.platform.ApiAnswer;
import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.Platform;
import io.syncline.portal.platform.PlatformException;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The editor of a task group: one document as a form and as YAML, checked by the platform, saved as a new version. */
@Controller
class EditorController {

    private static final String NEW_GROUP = """
            apiVersion: syncline/v1
            kind: TaskGroup
            key: ""
            tasks:
            - key: ""
              mode: SYNC
              system: ""
              path: ""
            """;
    private static final String TAKE = "take:";

    private final Groups groups;
    private final Checks checks;
    private final Drafts drafts;
    private final Platform platform;

    EditorController(Groups groups, Checks checks, Drafts drafts, Platform platform) {
        this.groups = groups;
        this.checks = checks;
        this.drafts = drafts;
        this.platform = platform;
    }

    @GetMapping("/groups/new")
    String create(
            @RequestParam(required = false) @Nullable String from, HttpSession session, Moments moments, Model model) {
        var draft = from == null ? drafts.find(session, null).orElse(null) : null;
        model.addAttribute("draft", draft == null ? null : moments.of(draft.at()));
        var yaml = from != null ? copyOf(from) : draft == null ? NEW_GROUP : draft.yaml();
        return page(Editing.of(null, null, yaml), from != null || draft != null, moments, model);
    }

    private String copyOf(String key) {
        var copy = groups.group(key).document();
        copy.put("key", key.length() > 58 ? "" : key + "-copy");
        return Documents.yaml(copy);
    }

    @GetMapping("/groups/{key}/edit")
    String edit(@PathVariable String key, HttpSession session, Moments moments, Model model) {
        var stored = groups.group(key);
        if (stored.status().isManaged()) {
            model.addAttribute("key", key);
            model.addAttribute("version", stored.version());
            model.addAttribute("source", stored.status().managedSource());
            model.addAttribute("yaml", stored.yaml());
            return "group-managed";
        }
        var draft = drafts.find(session, key).orElse(null);
        model.addAttribute("draft", draft == null ? null : moments.of(draft.at()));
        if (draft != null && !Objects.equals(draft.version(), stored.version())) {
            model.addAttribute("newer", stored.version());
            model.addAttribute("newerBy", stored.status().createdBy());
        }
        var editing = draft == null
                ? Editing.of(key, stored.version(), stored.yaml())
                : Editing.of(key, draft.version(), draft.yaml());
        return page(editing, true, moments, model);
    }

    @PostMapping("/groups/new")
    String change(
            @RequestParam MultiValueMap<String, String> sent,
            HttpSession session,
            Moments moments,
            Model model,
            HttpServletResponse response) {
        return change(null, sent, session, moments, model, response);
    }

    @PostMapping("/groups/{key}/edit")
    String change(
            @PathVariable @Nullable String key,
            @RequestParam MultiValueMap<String, String> sent,
            HttpSession session,
            Moments moments,
            Model model,
            HttpServletResponse response) {
        var what = sent.getFirst("do");
        var editing = Editing.sent(key, sent);
        if ("discard".equals(what)) {
            drafts.drop(session, key);
            return "redirect:" + editing.path();
        }
        keep(editing, session, moments);
        if (!"review".equals(what)) {
            return page(editing, true, moments, model);
        }
        var checked = checks.of(editing);
        if (checked.isGood()) {
            return review(checked, "", List.of(), model);
        }
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        return page(checked, true, moments, model);
    }

    /** What the page's script asks for while somebody types: the judgement, and the side that was not typed into. */
    @PostMapping("/groups/new/check")
    String check(
            @RequestParam MultiValueMap<String, String> sent,
            @RequestParam String part,
            HttpSession session,
            Moments moments,
            Model model) {
        return check(null, sent, part, session, moments, model);
    }

    @PostMapping("/groups/{key}/edit/check")
    String check(
            @PathVariable @Nullable String key,
            @RequestParam MultiValueMap<String, String> sent,
            @RequestParam String part,
            HttpSession session,
            Moments moments,
            Model model) {
        var editing = Editing.sent(key, sent);
        keep(editing, session, moments);
        page(editing, true, moments, model);
        model.addAttribute("part", part);
        return "group-edit-parts";
    }

    @PostMapping("/groups/new/save")
    String save(
            @RequestParam String document,
            @RequestParam(defaultValue = "") String reason,
            HttpSession session,
            Moments moments,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return save(null, null, document, reason, session, moments, model, response, redirect);
    }

    @PostMapping("/groups/{key}/edit/save")
    String save(
            @PathVariable @Nullable String key,
            @RequestParam @Nullable Integer version,
            @RequestParam String document,
            @RequestParam(defaultValue = "") String reason,
            HttpSession session,
            Moments moments,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        var editing = Editing.of(key, version, document.replace("\r\n", "\n"));
        keep(editing, session, moments);
        if (reason.isBlank()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            var fault = new FormFault("reason", "Say why: the reason is kept with the version and in the audit log.");
            return review(checks.of(editing), reason, List.of(fault), model);
        }
        var tree = editing.document();
        var target = key == null && tree != null ? Words.text(tree, "/key") : key;
        if (target == null || target.isBlank()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return page(editing, true, moments, model);
        }
        try {
            var answer = groups.save(target, editing.yaml(), version, reason.strip(), false);
            drafts.drop(session, key);
            redirect.addFlashAttribute("done", words(answer.status(), answer.entityTag(), answer));
            var isPending = answer.status() == HttpStatus.ACCEPTED.value();
            return isPending && key == null ? "redirect:/groups" : "redirect:/groups/" + target;
        } catch (PlatformException refusal) {
            return refused(editing, reason, refusal, moments, model, response);
        }
    }

    private String refused(
            Editing editing,
            String reason,
            PlatformException refusal,
            Moments moments,
            Model model,
            HttpServletResponse response) {
        if (refusal.problem().is("version-conflict") && editing.key() != null) {
            response.setStatus(HttpStatus.CONFLICT.value());
            return conflict(editing, editing.key(), reason, model);
        }
        if (!refusal.isAboutForm()) {
            throw refusal;
        }
        response.setStatus(refusal.formStatus().value());
        var isTaken = refusal.problem().is("version-conflict");
        var faults = isTaken ? Faults.at("/key", "there is a group of this key already") : Faults.of(refusal);
        var checked =
                checks.of(new Editing(editing.key(), editing.version(), editing.yaml(), faults, editing.unread()));
        return page(checked, true, moments, model);
    }

    private static String words(int status, @Nullable String entityTag, ApiAnswer answer) {
        if (status == HttpStatus.ACCEPTED.value()) {
            return PendingChange.words(answer);
        }
        return entityTag == null ? "It is saved." : "Version %s is saved.".formatted(entityTag.replace("\"", ""));
    }

    /** Somebody else has stored a version meanwhile: base, theirs and mine by field. */
    private String conflict(Editing editing, String key, String reason, Model model) {
        var theirs = groups.group(key);
        var mine = editing.document();
        var version = editing.version();
        var base = version == null
                ? Documents.object()
                : groups.version(key, version).document();
        var merge = Merge.of(base, theirs.document(), mine == null ? Documents.object() : mine, Map.of());
        model.addAttribute("key", key);
        model.addAttribute("editing", editing);
        model.addAttribute("reason", reason);
        model.addAttribute("theirs", theirs.version());
        model.addAttribute("theirsBy", theirs.status().createdBy());
        model.addAttribute("lines", merge.lines());
        return "group-conflict";
    }

    @PostMapping("/groups/{key}/edit/merge")
    String merge(
            @PathVariable String key,
            @RequestParam MultiValueMap<String, String> sent,
            HttpSession session,
            Moments moments,
            RedirectAttributes redirect) {
        var editing =
                Editing.of(key, number(sent.getFirst("version")), Objects.toString(sent.getFirst("document"), ""));
        var seen = number(sent.getFirst("theirs"));
        var mine = editing.document();
        var version = editing.version();
        if (seen == null || mine == null) {
            return "redirect:" + editing.path();
        }
        var isAllMine = "mine".equals(sent.getFirst("do"));
        var choices = new HashMap<String, Side>();
        sent.forEach((name, values) -> {
            if (name.startsWith(TAKE)) {
                choices.put(name.substring(TAKE.length()), "MINE".equals(values.get(0)) ? Side.MINE : Side.THEIRS);
            }
        });
        var base = version == null
                ? Documents.object()
                : groups.version(key, version).document();
        var merged = isAllMine
                ? mine
                : Merge.of(base, groups.version(key, seen).document(), mine, choices)
                        .document();
        drafts.keep(session, key, new Draft(Documents.yaml(merged), seen, moments.now()));
        redirect.addFlashAttribute(
                "done",
                "This is built on version %d now. Nothing is saved yet: look at it, then save.".formatted(seen));
        return "redirect:" + editing.path();
    }

    private static @Nullable Integer number(@Nullable String text) {
        return text != null && text.matches("\\d{1,9}") ? Integer.valueOf(text) : null;
    }

    private void keep(Editing editing, HttpSession session, Moments moments) {
        drafts.keep(session, editing.key(), new Draft(editing.yaml(), editing.version(), moments.now()));
    }

    private String page(Editing editing, boolean withFaults, Moments moments, Model model) {
        return page(checks.of(editing), withFaults, moments, model);
    }

    /** @param withFaults a document that nobody has begun to fill in is not told what it lacks */
    private String page(Checked checked, boolean withFaults, Moments moments, Model model) {
        var editing = checked.editing();
        var document = checked.document();
        var faults = withFaults ? checked.faults() : Faults.NONE;
        var form = document == null
                ? null
                : GroupForm.of(document, editing.key() == null, faults, editing.unread(), systems());
        var fires = checked.fires();
        model.addAttribute("editing", editing);
        model.addAttribute("form", form);
        model.addAttribute("shown", document == null ? "" : editing.yaml());
        model.addAttribute(
                "faultLines",
                form == null || document == null
                        ? faults.all().stream()
                                .map(fault -> new Faults.Line("The document", fault.words(), "document"))
                                .toList()
                        : faults.lines(form, document));
        model.addAttribute("isChecked", withFaults);
        model.addAttribute("warnings", checked.warnings());
        model.addAttribute(
                "changeCount",
                checked.item() == null ? 0 : checked.item().changes().size());
        model.addAttribute("waits", checked.waits());
        model.addAttribute("fires", fires == null ? null : FireRow.all(fires, moments));
        model.addAttribute("fireZone", fires == null ? null : fires.zone());
        return "group-edit";
    }

    private String review(Checked checked, String reason, List<FormFault> faults, Model model) {
        var editing = checked.editing();
        var key = editing.key();
        var version = editing.version();
        var after = checked.document() == null ? Documents.object() : checked.document();
        var before = key == null || version == null
                ? Documents.object()
                : groups.group(key).document();
        var item = checked.item();
        model.addAttribute("editing", editing);
        model.addAttribute("changes", item == null ? List.of() : ChangeRow.all(item.changes(), before, after));
        model.addAttribute("isNew", item != null && "CREATE".equals(item.action()));
        model.addAttribute("warnings", checked.warnings());
        model.addAttribute("reason", reason);
        model.addAttribute("faults", faults);
        return "group-review";
    }

    /** Suggestions alone: without them the field takes any key. */
    private List<String> systems() {
        try {
            return platform
                    .ask(ApiCall.get("/api/v1/systems").query("limit", 200).needs(Groups.READ), Systems.class)
                    .items()
                    .stream()
                    .map(Systems.Item::key)
                    .toList();
        } catch (PlatformException without) {
            return List.of();
        }
    }

    record Systems(List<Item> items) {

        record Item(String key) {}
    }
}
