package io.syncline.portal.page;

import io.syncline.portal.platform.PlatformException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.ui.Model;

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
 * @param fields sent with the answer, not shown: what it is done to, so that it is done to nothing else
 * @param number of what it is done to, to be typed before it is done; 0: few enough, nothing is typed
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
        List<Field> fields,
        int number,
        String reason,
        String key,
        List<String> faults) {

    private static final int MOST_WITHOUT_TYPING = 20;

    public record Field(String name, String value) {}

    public Confirmation {
        affected = List.copyOf(affected);
        fields = List.copyOf(fields);
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
                List.of(),
                0,
                "",
                UUID.randomUUID().toString(),
                List.of());
    }

    public Confirmation affecting(List<String> lines) {
        return new Confirmation(
                title, consequence, lines, button, target, back, isHardToUndo, fields, number, reason, key, faults);
    }

    /** The same question about what these values name. */
    public Confirmation sending(String name, List<String> values) {
        return sending(values.stream().map(value -> new Field(name, value)).toList());
    }

    public Confirmation sending(List<Field> sent) {
        return new Confirmation(
                title, consequence, affected, button, target, back, isHardToUndo, sent, number, reason, key, faults);
    }

    /** The same question about so many; of more than 20 the number is typed. */
    public Confirmation about(int count) {
        var typed = count > MOST_WITHOUT_TYPING ? count : 0;
        return new Confirmation(
                title, consequence, affected, button, target, back, isHardToUndo, fields, typed, reason, key, faults);
    }

    /** The same question about the whole of something: its number is typed however small it is. */
    public Confirmation typing(int count) {
        return new Confirmation(
                title, consequence, affected, button, target, back, isHardToUndo, fields, count, reason, key, faults);
    }

    /** Whether the number was typed, if it has to be. */
    public boolean isMeant(@Nullable String typed) {
        return number == 0
                || (typed != null && typed.replaceAll("[\\s\\u00a0,.]", "").equals(String.valueOf(number)));
    }

    /** The view that asks it, on a page of that place. */
    public String view(Model model, Place place) {
        model.addAttribute("confirmation", this);
        model.addAttribute("place", place.id());
        return "confirm";
    }

    /** The same question with what was typed before. */
    public Confirmation typed(String typedReason) {
        return refused(typedReason, key, faults);
    }

    /** The same question when its own form was not filled in. */
    public Confirmation refusedFor(String fault) {
        return refused("", key, List.of(fault));
    }

    /** The same question when no reason was given. */
    public Confirmation withoutReason() {
        return refusedFor("Say why: the reason is kept in the audit log.");
    }

    /** The same question when the number was not typed. */
    public Confirmation notMeant(String typedReason) {
        return refused(typedReason, key, List.of("Type the number %d: it is done to so many.".formatted(number)));
    }

    /** The same question after a refusal, with what was typed. */
    public Confirmation refused(String typedReason, PlatformException refusal) {
        var said = refusal.problem().errorsOrNone().isEmpty()
                ? List.of(refusal.words())
                : refusal.problem().sentences();
        return refused(typedReason, said);
    }

    /** The same question after a refusal that is said in other words than the platform's. */
    public Confirmation refused(String typedReason, List<String> said) {
        return refused(typedReason, UUID.randomUUID().toString(), said);
    }

    private Confirmation refused(String typedReason, String sameOrNewKey, List<String> why) {
        return new Confirmation(
                title,
                consequence,
                affected,
                button,
                target,
                back,
                isHardToUndo,
                fields,
                number,
                typedReason,
                sameOrNewKey,
                why);
    }
}
