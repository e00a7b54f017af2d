package io.syncline.portal.settings;

import io.syncline.portal.page.Approvals;
import io.syncline.portal.page.Confirmation;
import io.syncline.portal.page.FormFaults;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.Place;
import io.syncline.portal.platform.ApiAnswer;
import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.CurrentPerson;
import io.syncline.portal.platform.Platform;
import io.syncline.portal.platform.PlatformException;
import io.syncline.portal.platform.Problem.Fault;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import tools.jackson.databind.json.JsonMapper;

/** The whole configuration as files: taken out, planned against what stands, applied. */
@Controller
class ConfigController {

    private static final String READ = "config:read";
    private static final String WRITE = "config:write";
    private static final String PAGE = "/settings/config";
    private static final List<String> KINDS = List.of("TaskGroup", "System", "Calendar", "Channel");

    /** To be sent: of a type that it does not know, a client takes the characters for Latin ones. */
    private static final String YAML = "application/yaml;charset=UTF-8";

    private final Platform platform;
    private final CurrentPerson current;
    private final JsonMapper json;

    ConfigController(Platform platform, CurrentPerson current, JsonMapper json) {
        this.platform = platform;
        this.current = current;
        this.json = json;
    }

    @GetMapping(PAGE)
    String config(
            @RequestParam(required = false) @Nullable String edit,
            @RequestParam(required = false) @Nullable String cursor,
            HttpSession session,
            Moments moments,
            Model model,
            HttpServletResponse response) {
        var kept = edit == null ? Optional.<KeptDocuments>empty() : KeptDocuments.find(session, edit);
        try {
            return page(kept.map(ConfigForm::of).orElse(ConfigForm.EMPTY), FormFaults.NONE, cursor, moments, model);
        } catch (PlatformException refusal) {
            return NotAllowed.page(refusal, "config", "Config as code", model, response);
        }
    }

    /** Everything within reach as one stream of documents, without secrets. */
    @GetMapping(PAGE + "/export")
    ResponseEntity<byte[]> export(
            @RequestParam(required = false) @Nullable String kind,
            @RequestParam(required = false) @Nullable String label) {
        var answer = platform.answer(ApiCall.get("/api/v1/config/export")
                .query("kind", kind)
                .query("label", label == null ? null : label.strip())
                .header(HttpHeaders.ACCEPT, "application/yaml")
                .needs(READ)
                .patiently());
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType(YAML))
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename("syncline.yaml")
                                .build()
                                .toString())
                .body(answer.body());
    }

    @PostMapping(PAGE + "/plan")
    String send(
            @RequestParam(required = false) @Nullable String documents,
            @RequestParam(required = false) @Nullable MultipartFile file,
            @RequestParam(required = false) @Nullable String kept,
            @RequestParam(required = false) @Nullable String source,
            @RequestParam(required = false) @Nullable String prune,
            @RequestParam(required = false) @Nullable String labels,
            HttpSession session,
            Moments moments,
            Model model,
            HttpServletResponse response) {
        var form = new ConfigForm(documents, file, kept, source, prune, labels);
        var faults = form.faults(session);
        var sent = form.toBeKept(session);
        sent.keep(session);
        if (!faults.isEmpty()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return page(ConfigForm.of(sent), faults, null, moments, model);
        }
        return "redirect:" + PAGE + "/plan/" + sent.id();
    }

    /** Made anew each time that it is looked at, so that it says what an apply would do now. */
    @GetMapping(PAGE + "/plan/{id}")
    String plan(
            @PathVariable String id,
            HttpSession session,
            Moments moments,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        var kept = KeptDocuments.find(session, id).orElse(null);
        return kept == null ? gone(redirect) : planned(kept, moments, model, response);
    }

    @PostMapping(PAGE + "/plan/{id}/discard")
    String discard(@PathVariable String id, HttpSession session, RedirectAttributes redirect) {
        KeptDocuments.find(session, id).ifPresent(kept -> kept.drop(session));
        redirect.addFlashAttribute("done", "The documents are discarded; nothing was changed.");
        return "redirect:" + PAGE;
    }

    @GetMapping(PAGE + "/plan/{id}/apply")
    String ask(
            @PathVariable String id,
            @RequestParam(defaultValue = "") String planHash,
            HttpSession session,
            Moments moments,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        var kept = KeptDocuments.find(session, id).orElse(null);
        if (kept == null) {
            return gone(redirect);
        }
        ConfigPlan plan;
        try {
            plan = ask(kept);
        } catch (PlatformException refusal) {
            return refused(refusal, kept, moments, model, response);
        }
        if (!plan.planHash().equals(planHash)) {
            redirect.addFlashAttribute("isStale", true);
            return "redirect:" + PAGE + "/plan/" + kept.id();
        }
        return asked(question(kept, plan).typed(kept.reason()), model);
    }

    @PostMapping(PAGE + "/plan/{id}/apply")
    String apply(
            @PathVariable String id,
            @RequestParam(defaultValue = "") String planHash,
            @RequestParam(defaultValue = "") String reason,
            @RequestParam(defaultValue = "") String key,
            HttpSession session,
            Moments moments,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        var kept = KeptDocuments.find(session, id).orElse(null);
        if (kept == null) {
            return gone(redirect);
        }
        if (reason.isBlank()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return asked(question(kept, ask(kept)).withoutReason(), model);
        }
        ApiAnswer answer;
        try {
            answer = platform.answer(call(kept, "/api/v1/config/apply")
                    .query("planHash", planHash)
                    .query("reason", reason.strip())
                    .once(key));
        } catch (PlatformException refusal) {
            var typed = kept.because(reason);
            typed.keep(session);
            return notApplied(refusal, typed, moments, model, response);
        }
        kept.drop(session);
        redirect.addFlashAttribute(
                "done",
                Approvals.isWaiting(answer)
                        ? Approvals.words(answer, "")
                        : json.readValue(answer.body(), ConfigPlan.class)
                                .summary()
                                .done());
        return "redirect:" + PAGE;
    }

    private String notApplied(
            PlatformException refusal, KeptDocuments kept, Moments moments, Model model, HttpServletResponse response) {
        if (refusal.problem().is("plan-stale")) {
            response.setStatus(HttpStatus.CONFLICT.value());
            model.addAttribute("isStale", true);
            return planned(kept, moments, model, response);
        }
        return refused(refusal, kept, moments, model, response);
    }

    private String planned(KeptDocuments kept, Moments moments, Model model, HttpServletResponse response) {
        ConfigPlan plan;
        try {
            plan = ask(kept);
        } catch (PlatformException refusal) {
            return refused(refusal, kept, moments, model, response);
        }
        model.addAttribute("kept", kept);
        model.addAttribute("plan", plan);
        model.addAttribute("rows", PlanRow.changing(plan));
        return "config-plan";
    }

    /** Back to the form, with all that is wrong. */
    private String refused(
            PlatformException refusal, KeptDocuments kept, Moments moments, Model model, HttpServletResponse response) {
        if (!refusal.isAboutForm()) {
            throw refusal;
        }
        response.setStatus(refusal.formStatus().value());
        return page(ConfigForm.of(kept), faults(refusal), null, moments, model);
    }

    private static FormFaults faults(PlatformException refusal) {
        var errors = refusal.problem().errorsOrNone();
        return errors.isEmpty()
                ? FormFaults.about(null, refusal.words())
                : new FormFaults(errors.stream()
                        .map(fault -> new FormFaults.Fault(field(fault), fault.sentence()))
                        .toList());
    }

    private static String field(Fault fault) {
        var parameter = fault.parameter();
        if (parameter == null) {
            return "documents";
        }
        return switch (parameter) {
            case "label" -> "labels";
            case "prune", "source" -> parameter;
            default -> "documents";
        };
    }

    private String page(ConfigForm form, FormFaults faults, @Nullable String cursor, Moments moments, Model model) {
        var managed = platform.ask(
                ApiCall.get("/api/v1/config/managed")
                        .query("limit", 50)
                        .query("cursor", cursor)
                        .needs(READ),
                ManagedList.class);
        model.addAttribute("form", form);
        model.addAttribute("faults", faults);
        model.addAttribute("kinds", KINDS);
        model.addAttribute(
                "managed",
                managed.items().stream().map(item -> item.row(moments)).toList());
        model.addAttribute("isFirstPage", cursor == null);
        model.addAttribute("nextCursor", managed.nextCursor());
        model.addAttribute("mayPlan", current.session().person().may(WRITE));
        return "config";
    }

    private ConfigPlan ask(KeptDocuments kept) {
        return platform.ask(call(kept, "/api/v1/config/plan"), ConfigPlan.class);
    }

    private static ApiCall call(KeptDocuments kept, String path) {
        var call = ApiCall.post(path)
                .query("source", kept.source())
                .query("prune", kept.prune() ? "true" : null)
                .body(kept.text(), kept.isJson() ? MediaType.APPLICATION_JSON_VALUE : YAML)
                .patiently()
                .needs(WRITE);
        for (var label : kept.labels()) {
            call = call.query("label", label);
        }
        return call;
    }

    private static Confirmation question(KeptDocuments kept, ConfigPlan plan) {
        var back = PAGE + "/plan/" + kept.id();
        return Confirmation.of(
                        "Apply the plan",
                        plan.summary().consequence(),
                        "Apply the plan",
                        back + "/apply?planHash=" + plan.planHash(),
                        back,
                        true)
                .affecting(PlanRow.lines(plan));
    }

    private static String asked(Confirmation confirmation, Model model) {
        return confirmation.view(model, Place.SETTINGS);
    }

    private static String gone(RedirectAttributes redirect) {
        redirect.addFlashAttribute(
                "done", "These documents are not kept any more: they were applied, discarded or replaced by others.");
        return "redirect:" + PAGE;
    }
}
