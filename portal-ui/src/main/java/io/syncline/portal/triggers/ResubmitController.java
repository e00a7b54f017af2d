package io.syncline.portal.triggers;

import io.syncline.portal.page.FormFaults;
import io.syncline.portal.page.Moments;
import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.Platform;
import io.syncline.portal.platform.PlatformException;
import io.syncline.portal.triggers.TriggerView.StartedRun;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.UUID;
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
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sends a corrected copy of a rejected message, after a look at what it would start. */
@Controller
class ResubmitController {

    private static final String OPERATE = "runs:operate";
    private static final String DATA = "data";

    /** Numbers stay as they were typed. */
    private static final JsonMapper EXACT = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Platform platform;

    ResubmitController(Platform platform) {
        this.platform = platform;
    }

    @GetMapping("/triggers/{triggerId}/resubmit")
    String form(@PathVariable String triggerId, Moments moments, Model model) {
        var original = original(triggerId);
        var form = ResubmitForm.of(original, dataOf(original), newKey());
        var faults = original.problem() == null
                ? FormFaults.NONE
                : FormFaults.of(original.problem(), ResubmitController::field);
        return page(original, form, faults, moments, model);
    }

    @PostMapping("/triggers/{triggerId}/resubmit")
    String send(
            @PathVariable String triggerId,
            @ModelAttribute("form") ResubmitForm typed,
            @RequestParam(name = "do", defaultValue = "check") String what,
            Moments moments,
            Model model,
            RedirectAttributes after,
            HttpServletResponse response) {
        var original = original(triggerId);
        JsonNode data;
        try {
            data = changedData(typed, original);
        } catch (JacksonException notJson) {
            return refused(original, typed, FormFaults.about(DATA, notJson(notJson)), moments, model, response);
        }
        var call = ApiCall.post("/api/v1/triggers/{id}/resubmit", triggerId)
                .needs(OPERATE)
                .body(typed.correction(original, data));
        try {
            if (!what.equals("send")) {
                model.addAttribute("plan", platform.ask(call.query("dryRun", true), Answer.class));
                return page(original, typed, FormFaults.NONE, moments, model);
            }
            var key = typed.key();
            var answer = platform.ask(key == null || key.isBlank() ? call : call.once(key), Answer.class);
            after.addFlashAttribute("done", answer.inWords());
            return "redirect:/triggers/" + (answer.triggerId() == null ? triggerId : answer.triggerId());
        } catch (PlatformException refusal) {
            if (!refusal.isAboutForm()) {
                throw refusal;
            }
            var faults = FormFaults.of(refusal, ResubmitController::field);
            return refused(original, typed.withKey(newKey()), faults, moments, model, response);
        }
    }

    private String refused(
            TriggerView original,
            ResubmitForm form,
            FormFaults faults,
            Moments moments,
            Model model,
            HttpServletResponse response) {
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        model.addAttribute("refused", true);
        return page(original, form, faults, moments, model);
    }

    private static String page(
            TriggerView original, ResubmitForm form, FormFaults faults, Moments moments, Model model) {
        model.addAttribute("original", original);
        model.addAttribute("head", TriggerRow.of(original, moments));
        model.addAttribute("form", form);
        model.addAttribute("faults", faults);
        model.addAttribute("dataIsHidden", original.message() == null);
        return "resubmit";
    }

    private TriggerView original(String triggerId) {
        return platform.ask(
                ApiCall.get("/api/v1/triggers/{id}", triggerId).needs(TriggersController.READ), TriggerView.class);
    }

    private static @Nullable String dataOf(TriggerView message) {
        var data = message.message() == null ? null : message.message().get(DATA);
        return data == null ? null : EXACT.writerWithDefaultPrettyPrinter().writeValueAsString(data);
    }

    /** Null: as it came. */
    private static @Nullable JsonNode changedData(ResubmitForm typed, TriggerView original) {
        var text = typed.data();
        if (text == null || text.isBlank()) {
            return null;
        }
        var read = EXACT.readTree(text);
        var before = dataOf(original);
        return before != null && EXACT.readTree(before).equals(read) ? null : read;
    }

    private static String notJson(JacksonException notJson) {
        var at = notJson.getLocation();
        return at == null
                ? "The data is not JSON."
                : "The data is not JSON: look at line %d, character %d.".formatted(at.getLineNr(), at.getColumnNr());
    }

    /** The id of the field in which a fault is mended; what the platform says of the message is about its data, if it is not about an attribute. */
    private static String field(String pointer) {
        var attributes = "/attributes/";
        if (pointer.startsWith(attributes)) {
            return pointer.substring(attributes.length());
        }
        return pointer.equals("/reason") ? "reason" : DATA;
    }

    private static String newKey() {
        return UUID.randomUUID().toString();
    }

    /** What became of the copy, or in a trial would become of it. */
    record Answer(
            @Nullable String triggerId,
            @Nullable String status,
            @Nullable List<StartedRun> runs) {

        public List<StartedRun> runsOrNone() {
            return runs == null ? List.of() : runs;
        }

        String inWords() {
            if ("DUPLICATE".equals(status)) {
                return "The very same message was taken before; here it is.";
            }
            if ("VERIFYING".equals(status)) {
                return "The corrected copy is taken; its runs start once its source has confirmed it.";
            }
            return "The corrected copy is taken. Started: "
                    + runsOrNone().stream()
                            .map(run -> TriggerRow.orDash(run.group()))
                            .collect(Collectors.joining(", "))
                    + ".";
        }
    }
}
