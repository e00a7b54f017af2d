package io.syncline.scheduler.catalog;

import io.syncline.scheduler.security.Labels;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What an editor may do with the labels of a document: add and remove own ones, and keep it within reach.
 *
 * @param before the labels of the document that it replaces; empty for a new one
 */
record LabelEdit(Labels own, List<String> before) {

    static final LabelEdit FREE = new LabelEdit(Labels.ALL, List.of());

    boolean mayStand(String label) {
        return own.all() || own.named().contains(label) || before.contains(label);
    }

    /** What is wrong with the labels as a whole. */
    Optional<String> fault(List<String> after) {
        if (own.all()) {
            return Optional.empty();
        }
        var taken = new TreeSet<>(before);
        after.forEach(taken::remove);
        taken.removeAll(own.named());
        if (!taken.isEmpty()) {
            return Optional.of("only labels of your own may be taken away; keep " + String.join(", ", taken));
        }
        return own.reach(after)
                ? Optional.empty()
                : Optional.of(
                        "one of your own labels must stand here: " + String.join(", ", new TreeSet<>(own.named())));
    }
}
