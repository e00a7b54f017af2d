package io.syncline.scheduler.catalog;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The members that all configuration documents begin with. */
record Header(@Nullable String description, @Nullable String owner, List<String> labels) {

    static final String API_VERSION = "syncline/v1";

    /** {@code status} is what GET adds to a document; it may be sent back and is not looked at. */
    static final List<String> MEMBERS =
            List.of("apiVersion", "kind", "key", "description", "owner", "labels", "status");

    static Header read(Members from, String kind, String expectedKey, LabelEdit edit) {
        from.mustBe("apiVersion", API_VERSION);
        from.mustBe("kind", kind);
        String key = from.key("key");
        if (!from.has("key")) {
            from.required("key");
        } else if (key != null && !key.equals(expectedKey)) {
            from.error("key", "must equal the key in the path, '" + expectedKey + "'", "key-mismatch");
        }
        return new Header(from.text("description", 2000), from.text("owner", 200), labels(from, edit));
    }

    private static List<String> labels(Members from, LabelEdit edit) {
        var foreign = new AtomicBoolean();
        List<String> labels = from.texts("labels", 50, 63, (label, place) -> {
            if (edit.mayStand(label)) {
                return null;
            }
            foreign.set(true);
            return new DocumentError(
                    from.pointer("labels") + "/" + place, "is not one of your own labels", DocumentError.FOREIGN_LABEL);
        });
        if (!foreign.get()) {
            edit.fault(labels).ifPresent(fault -> from.error("labels", fault, DocumentError.FOREIGN_LABEL));
        }
        return labels;
    }
}
