package io.syncline.portal.groups;

import io.syncline.portal.groups.Groups.StoredGroup;
import io.syncline.portal.page.StateMark;
import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.CurrentPerson;
import io.syncline.portal.platform.Platform;
import io.syncline.portal.platform.PlatformException;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import tools.jackson.databind.JsonNode;

/** One real call of one task, outside any run. */
@Controller
class TestCallController {

    private static final String TRY = "try";

    private final Groups groups;
    private final Platform platform;
    private final CurrentPerson current;

    TestCallController(Groups groups, Platform platform, CurrentPerson current) {
        this.groups = groups;
        this.platform = platform;
        this.current = current;
    }

    @GetMapping("/groups/{group}/tasks/{task}/test-call")
    String form(@PathVariable String group, @PathVariable String task, Model model, HttpServletResponse response) {
        return page(group, task, StartForm.empty(), List.of(), model, response);
    }

    @PostMapping("/groups/{group}/tasks/{task}/test-call")
    String call(
            @PathVariable String group,
            @PathVariable String task,
            @ModelAttribute("form") StartForm form,
            @RequestParam(name = "do", defaultValue = "call") String what,
            Model model,
            HttpServletResponse response) {
        var faults = form.faults();
        if (!faults.isEmpty()) {
            return wrong(group, task, form, faults, model, response);
        }
        var isTry = what.equals(TRY);
        try {
            var called = platform.ask(
                    ApiCall.post("/api/v1/groups/{key}/tasks/{task}/test-call", group, task)
                            .query("dryRun", isTry ? true : null)
                            .body(form.body())
                            .once(form.once())
                            .needs(Groups.WRITE),
                    TestCall.class);
            model.addAttribute("called", called);
            var next = isTry ? form : form.withFreshKey();
            return page(group, task, next, List.of(), model, response);
        } catch (PlatformException refusal) {
            if (!refusal.isAboutForm()) {
                throw refusal;
            }
            return wrong(group, task, form, FormFault.of(refusal), model, response);
        }
    }

    private String wrong(
            String group,
            String task,
            StartForm form,
            List<FormFault> faults,
            Model model,
            HttpServletResponse response) {
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        return page(group, task, form, faults, model, response);
    }

    private String page(
            String group,
            String task,
            StartForm form,
            List<FormFault> faults,
            Model model,
            HttpServletResponse response) {
        var stored = groups.group(group);
        var definition = definition(stored, task);
        if (definition == null) {
            response.setStatus(HttpStatus.NOT_FOUND.value());
        }
        model.addAttribute("group", group);
        model.addAttribute("task", task);
        model.addAttribute("version", stored.version());
        model.addAttribute("system", definition == null ? null : Words.text(definition, "/system"));
        model.addAttribute("path", definition == null ? null : Words.text(definition, "/path"));
        model.addAttribute("form", form);
        model.addAttribute("faults", faults);
        model.addAttribute("mayCall", Allowance.of(current.session().person(), Groups.WRITE));
        return "group-test-call";
    }

    private static @Nullable JsonNode definition(StoredGroup stored, String task) {
        for (var definition : stored.document().path("tasks")) {
            if (task.equals(Words.text(definition, "/key"))) {
                return definition;
            }
        }
        return null;
    }

    record TestCall(
            boolean dryRun,
            @Nullable String outcome,
            @Nullable String detail,
            long durationMs,
            String taskRunId,
            List<Step> steps,
            @Nullable Request request,
            @Nullable Response response) {}

    record Step(String step, String status, long durationMs, String detail) {

        public StateMark mark() {
            return switch (status) {
                case "OK" -> new StateMark("tick", "OK", "success");
                case "FAILED" -> new StateMark("octagon", "FAILED", "failed");
                default -> new StateMark("chevrons", status, "neutral");
            };
        }

        public String name() {
            return switch (step) {
                case "request" -> "Make the request";
                case "slot" -> "Limits and breaker";
                case "call" -> "Destination, connection, authentication, answer";
                case "answer" -> "Read the answer";
                default -> step;
            };
        }
    }

    record Request(
            String method,
            String url,
            String auth,
            Map<String, String> headers,
            String body,
            @Nullable Boolean cut) {}

    record Response(
            String instance,
            int status,
            Map<String, String> headers,
            String body,
            @Nullable Boolean cut) {}
}
