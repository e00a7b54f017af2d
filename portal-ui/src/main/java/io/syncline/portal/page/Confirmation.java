package io.syncline.portal.page;

import io.syncline.portal.platform.PlatformException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The question before an action with effects: what it does to what, why, and the two ways on. Shown as a page of its own,
 * or in a dialog over the page from which it was asked.
 *
 * @param title verb and object: "Cancel run 8f3a"
 * @param consequence one sentence
 * @param affected what would change, from the platform's dry run; each a line
 * @param button what the one way says; the other one is always "Keep"
 * @param target path to which the answer is posted
 * @param back path of the page from which it was asked
 * @param isHardToUndo the reason is required, and the focus starts on the way back
 * @param reason as it was typed
 * @param key sent twice, it is carried out once
 * @param faults of an answer that the platform refused
 */
public record Confirmation(
        String title,
        String consequence,
        List<String> affected,
        String button,
        String target,
        String back,
        boolean isHardToUndo,
        String reason,
        String key,
        List<String> faults) {

    public Confirmation {
        affected = List.copyOf(affected);
        faults = List.copyOf(faults);
    }

    /** A fresh question; {@code back} that leads off this portal becomes the first page. */
    public static Confirmation of(
            String title, String consequence, String button, String target, @Nullable String back, boolean hardToUndo) {
        return new Confirmation(
                title,
                consequence,
                List.of(),
                button,
                target,
                LocalPath.of(back).map(LocalPath::text).orElse("/"),
                hardToUndo,
                "",
                UUID.randomUUID().toString(),
                List.of());
    }

    public Confirmation affecting(List<String> lines) {
        return new Confirmation(title, consequence, lines, button, target, back, isHardToUndo, reason, key, faults);
    }

    /** The same question when its own form was not filled in. */
    public Confirmation refusedFor(String fault) {
        return new Confirmation(
                title, consequence, affected, button, target, back, isHardToUndo, "", key, List.of(fault));
    }

    /** The same question after a refusal, with what was typed. */
    public Confirmation refused(String typedReason, PlatformException refusal) {
        var said = refusal.problem().errorsOrNone().isEmpty()
                ? List.of(refusal.words())
                : refusal.problem().sentences();
        return new Confirmation(
                title,
                consequence,
                affected,
                button,
                target,
                back,
                isHardToUndo,
                typedReason,
                UUID.randomUUID().toString(),
                said);
    }
}
