package io.syncline.consumer.users;

import io.syncline.consumer.changes.Change;
import io.syncline.consumer.changes.UnusableChangeException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a change of the dataset {@code users} says.
 *
 * @param known whether there is such a user; what is counted for one that is gone stays, and shows again if it comes back
 * @param fields in the order of {@link #FIELDS}; all null when the user is gone
 */
record Profile(String userId, long seq, boolean known, List<@Nullable String> fields) {

    static final String DATASET = "users";

    /** Wire name, and the most characters that the view keeps. */
    record Field(String name, int longest) {}

    static final List<Field> FIELDS = List.of(
            new Field("username", 255),
            new Field("name", 1000),
            new Field("description", 4000),
            new Field("location", 1000),
            new Field("webPageUrl", 2000),
            new Field("joinedDate", 64),
            new Field("profileImageUrl", 2000),
            new Field("backgroundImageUrl", 2000));

    static Profile of(Change change) {
        var told = change.field("userId");
        var userId = Fact.checked("userId", told == null ? change.key() : told);
        var fields = new ArrayList<@Nullable String>(FIELDS.size());
        for (var field : FIELDS) {
            var text = change.present() ? change.field(field.name()) : null;
            if (text != null && text.length() > field.longest()) {
                throw new UnusableChangeException(
                        field.name() + " is longer than the view keeps: " + text.length() + " characters");
            }
            fields.add(text);
        }
        return new Profile(userId, change.seq(), change.present(), fields);
    }
}
