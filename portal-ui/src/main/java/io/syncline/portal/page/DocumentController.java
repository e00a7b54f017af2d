package io.syncline.portal.page;

import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.Platform;
import io.syncline.portal.platform.PlatformException;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.ui.Model;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Pages of documents of one kind that are edited as text and deleted for a reason, each over the version that was read. */
public abstract class DocumentController {

    protected static final String READ = "config:read";
    protected static final String WRITE = "config:write";

    protected final Platform platform;
    private final String noun;
    private final String one;
    private final String list;
    private final Place place;

    /**
     * @param noun as sentences name one: "channel"
     * @param one path of the API, with a place for the key
     * @param list path of the page that lists all
     */
    protected DocumentController(Platform platform, String noun, String one, String list, Place place) {
        this.platform = platform;
        this.noun = noun;
        this.one = one;
        this.list = list;
        this.place = place;
    }

    /**
     * The page with the form.
     *
     * @param key null: it is a new one
     */
    protected abstract String form(@Nullable String key, FormFaults faults, Model model);

    /** What is said once one is stored. */
    protected abstract String stored();

    /** The page that is shown then. */
    protected abstract String afterStoring(String key);

    /** What it means that one is deleted, in a sentence. */
    protected abstract String consequence();

    /** As it stands, to be edited. */
    protected final EditedDocument read(String key) {
        return EditedDocument.of(
                platform.answer(EditedDocument.reading(one, key).needs(READ)));
    }

    /** Stores a new one under the key that it says itself. */
    protected final String create(
            EditedDocument document, Model model, HttpServletResponse response, RedirectAttributes redirect) {
        var key = document.key();
        if (key.isEmpty()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return form(null, FormFaults.about("text", "The document has no line \"key: …\"."), model);
        }
        return store(null, key.get(), document, model, response, redirect);
    }

    protected final String replace(
            String key,
            EditedDocument document,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        return store(key, key, document, model, response, redirect);
    }

    private String store(
            @Nullable String edited,
            String key,
            EditedDocument document,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        try {
            var answer = platform.answer(document.storing(one, key).needs(WRITE));
            redirect.addFlashAttribute("done", Approvals.words(answer, stored()));
        } catch (PlatformException refusal) {
            if (!refusal.isAboutForm()) {
                throw refusal;
            }
            response.setStatus(refusal.formStatus().value());
            return form(edited, FormFaults.of(refusal, pointer -> "text"), model);
        }
        return "redirect:" + afterStoring(key);
    }

    protected final String askWhetherToDelete(String key, Model model) {
        var tag = read(key).entityTag();
        return deletion(key, tag == null ? "" : tag).view(model, place);
    }

    protected final String deleteFor(
            String reason,
            String key,
            String entityTag,
            Model model,
            HttpServletResponse response,
            RedirectAttributes redirect) {
        var asked = deletion(key, entityTag);
        if (reason.isBlank()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return asked.withoutReason().view(model, place);
        }
        try {
            var answer = platform.answer(ApiCall.delete(one, key)
                    .query("reason", reason)
                    .ifMatch(entityTag)
                    .needs(WRITE));
            redirect.addFlashAttribute("done", Approvals.words(answer, "The " + noun + " " + key + " is deleted."));
        } catch (PlatformException refusal) {
            if (!refusal.isAboutForm()) {
                throw refusal;
            }
            response.setStatus(HttpStatus.CONFLICT.value());
            return asked.refused(reason, refusal).view(model, place);
        }
        return "redirect:" + list;
    }

    private Confirmation deletion(String key, String entityTag) {
        var title = "Delete " + noun + " " + key;
        var page = list + "/" + key;
        return Confirmation.of(title, consequence(), title, page + "/delete", page, true)
                .sending("entityTag", List.of(entityTag));
    }
}
