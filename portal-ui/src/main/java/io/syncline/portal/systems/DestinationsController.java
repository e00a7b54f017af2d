package io.syncline.portal.systems;

import io.syncline.portal.page.Approvals;
import io.syncline.portal.page.FormFaults;
import io.syncline.portal.platform.ApiCall;
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
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import tools.jackson.databind.json.JsonMapper;

/** The addresses that the platform may call at all: for everybody to read, for administrators to change. */
@Controller
class DestinationsController {

    private static final String PATH = "/api/v1/destinations";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Platform platform;

    DestinationsController(Platform platform) {
        this.platform = platform;
    }

    @GetMapping("/destinations")
    String destinations(Model model) {
        var standing = read();
        return page(standing, standing.text(), standing.etag(), FormFaults.NONE, model);
    }

    @PostMapping("/destinations")
    String replace(
            @RequestParam(defaultValue = "") String items,
            @RequestParam(defaultValue = "") String etag,
            Model model,
            RedirectAttributes after,
            HttpServletResponse response) {
        var lines =
                items.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        try {
            var answer = platform.answer(ApiCall.put(PATH)
                    .body(Map.of("items", lines))
                    .ifMatch(etag.isBlank() ? "\"0\"" : etag)
                    .needs("admin"));
            after.addFlashAttribute("done", Approvals.words(answer, "The approved destinations are changed."));
            return "redirect:/destinations";
        } catch (PlatformException refusal) {
            if (!refusal.isAboutForm()) {
                throw refusal;
            }
            var standing = read();
            if (SystemEditController.isVersionConflict(refusal)) {
                response.setStatus(HttpStatus.CONFLICT.value());
                model.addAttribute("theirs", standing.text());
                return page(standing, items, standing.etag(), FormFaults.NONE, model);
            }
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return page(standing, items, etag, FormFaults.of(refusal, pointer -> "items"), model);
        }
    }

    private static String page(Standing standing, String text, String etag, FormFaults faults, Model model) {
        model.addAttribute("standing", standing);
        model.addAttribute("text", text);
        model.addAttribute("etag", etag);
        model.addAttribute("faults", faults);
        return "destinations";
    }

    private Standing read() {
        var answer = platform.answer(ApiCall.get(PATH).needs(StoredDocument.READ));
        var list = JSON.readValue(answer.body(), DestinationList.class);
        return new Standing(
                lines(list.items()), lines(list.configured()), answer.entityTag() == null ? "" : answer.entityTag());
    }

    private static List<String> lines(@Nullable List<Item> items) {
        return items == null ? List.of() : items.stream().map(Item::text).toList();
    }

    /**
     * @param items that people approved, one text each
     * @param configured that the platform's settings approve besides
     */
    record Standing(List<String> items, List<String> configured, String etag) {

        String text() {
            return String.join("\n", items);
        }
    }

    record DestinationList(
            @Nullable List<Item> items, @Nullable List<Item> configured) {}

    /** @param port a number, or {@code *} for any */
    record Item(
            @Nullable String scheme,
            @Nullable String host,
            @Nullable Object port) {

        String text() {
            return "%s://%s:%s".formatted(scheme, host, port);
        }
    }
}
