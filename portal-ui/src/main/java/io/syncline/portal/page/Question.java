package io.syncline.portal.page;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The question before an action that is hard to undo and of which the platform keeps who and when, but no reason. Shown as a
 * page of its own, or in a dialog; the focus starts on the way back.
 *
 * @param title verb and object: "Delete channel ops"
 * @param consequence one sentence
 * @param button what the one way says
 * @param target path to which the answer is posted
 * @param back path of the page from which it was asked
 * @param fields sent with the answer, not shown
 * @param faults of an answer that the platform refused
 */
public record Question(
        String title,
        String consequence,
        String button,
        String target,
        String back,
        Map<String, String> fields,
        FormFaults faults) {

    public Question {
        fields = Map.copyOf(fields);
    }

    /** A fresh question; {@code back} that leads off this portal becomes the first page. */
    public static Question of(String title, String consequence, String button, String target, @Nullable String back) {
        return new Question(
                title,
                consequence,
                button,
                target,
                LocalPath.of(back).map(LocalPath::text).orElse("/"),
                Map.of(),
                FormFaults.NONE);
    }

    public Question with(Map<String, String> sent) {
        return new Question(title, consequence, button, target, back, sent, faults);
    }

    /** The same question after a refusal. */
    public Question refused(FormFaults why) {
        return new Question(title, consequence, button, target, back, fields, why);
    }
}
