package io.syncline.portal.groups;

import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.CurrentPerson;
import io.syncline.portal.platform.Platform;
import io.syncline.portal.platform.PlatformException;
import io.syncline.portal.platform.PlatformException.Kind;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import tools.jackson.databind.node.ObjectNode;

/** What a trigger message would start, without sending it. */
@Controller
class SimulationController {

    private static final String SEND = "triggers:write";

    private final Groups groups;
    private final Platform platform;
    private final CurrentPerson current;

    SimulationController(Groups groups, Platform platform, CurrentPerson current) {
        this.groups = groups;
        this.platform = platform;
        this.current = current;
    }

    @GetMapping("/groups/simulate")
    String form(@RequestParam(required = false) @Nullable String group, Model model) {
        return page(group == null || group.isBlank() ? EventForm.empty() : example(group), List.of(), model);
    }

    private EventForm example(String group) {
        var rule = groups.group(group).document().at("/triggers/0");
        return EventForm.empty().of(Words.text(rule, "/source"), Words.text(rule, "/type"));
    }

    @PostMapping("/groups/simulate")
    String simulate(@ModelAttribute("form") EventForm form, Model model, HttpServletResponse response) {
        var faults = form.faults();
        if (!faults.isEmpty()) {
            return wrong(form, faults, model, response);
        }
        try {
            model.addAttribute(
                    "outcome",
                    platform.ask(
                            ApiCall.post("/api/v1/triggers")
                                    .query("dryRun", true)
                                    .body(Documents.json(form.event()), "application/cloudevents+json")
                                    .needs(SEND),
                            Outcome.class));
            return page(form, List.of(), model);
        } catch (PlatformException refusal) {
            if (refusal.kind() == Kind.FORBIDDEN) {
                response.setStatus(HttpStatus.FORBIDDEN.value());
                return page(form, List.of(new FormFault("", refusal.words())), model);
            }
            if (!refusal.isAboutForm()) {
                throw refusal;
            }
            return wrong(form, FormFault.of(refusal), model, response);
        }
    }

    private String wrong(EventForm form, List<FormFault> faults, Model model, HttpServletResponse response) {
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        return page(form, faults, model);
    }

    private String page(EventForm form, List<FormFault> faults, Model model) {
        var person = current.session().person();
        model.addAttribute("form", form);
        model.addAttribute("faults", faults);
        model.addAttribute(
                "maySimulate",
                Allowance.of(person, SEND)
                        .unless(
                                !person.labels().contains("*"),
                                "A message may start any group, so this needs a role with all labels; yours has %s."
                                        .formatted(person.labelsInWords())));
        return "group-simulate";
    }

    /** A CloudEvent as typed. */
    record EventForm(
            @Nullable String source,
            @Nullable String type,
            @Nullable String subject,
            @Nullable String id,
            @Nullable String data) {

        static EventForm empty() {
            return new EventForm(null, null, null, UUID.randomUUID().toString(), null);
        }

        EventForm of(@Nullable String ofSource, @Nullable String ofType) {
            return new EventForm(ofSource, ofType, subject, id, data);
        }

        List<FormFault> faults() {
            return JsonField.of(data).isWrong() ? List.of(new FormFault("data", "The data are not JSON.")) : List.of();
        }

        ObjectNode event() {
            var event = Documents.object();
            event.put("specversion", "1.0");
            put(event, "id", id);
            put(event, "source", source);
            put(event, "type", type);
            put(event, "subject", subject);
            var json = JsonField.of(data).value();
            if (json != null) {
                event.put("datacontenttype", "application/json");
                event.set("data", json);
            }
            return event;
        }

        private static void put(ObjectNode event, String name, @Nullable String typed) {
            if (typed != null && !typed.isBlank()) {
                event.put(name, typed.strip());
            }
        }
    }

    record Outcome(@Nullable String status, @Nullable List<Run> runs) {

        public List<Run> runsOrNone() {
            return runs == null ? List.of() : runs;
        }

        record Run(String group, String state) {}
    }
}
