package io.syncline.provider.change;

import io.syncline.provider.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Pages of a feed as they are answered. */
@Component
class FeedPages {

    private final ChangeLog log;
    private final FeedLooks looks;
    private final FeedMeters meters;
    private final ChangeProperties properties;
    private final JsonMapper json;

    FeedPages(ChangeLog log, FeedLooks looks, FeedMeters meters, ChangeProperties properties, JsonMapper json) {
        this.log = log;
        this.looks = looks;
        this.meters = meters;
        this.properties = properties;
        this.json = json;
    }

    /** @param body JSON as {@link io.syncline.contracts.ChangePage} has it */
    record Page(boolean isEmpty, byte[] body) {

        ResponseEntity<byte[]> answer() {
            return ResponseEntity.ok()
                    .header(HttpHeaders.CACHE_CONTROL, "no-store")
                    .contentType(MediaType.APPLICATION_JSON)
                    .body(body);
        }
    }

    /** @throws ProblemException 410 */
    Page read(FeedPlace place) {
        // Before the changes: a page that ends where the look did, or behind it, is complete.
        var look = looks.recent();
        try {
            return page(
                    place, log.read(place.dataset(), place.after(), place.limit(), properties.maxPageChars()), look);
        } catch (ChangesGoneException gone) {
            if (place.after() > 0) {
                // Without a cursor nothing is lost: it is how one learns that an extract comes first.
                meters.gone(place.dataset());
            }
            throw ProblemException.of(410, "changes-gone", "The changes behind this cursor are not kept")
                    .detail("Take an extract of the dataset and go on from the cursor in its manifest, changes")
                    .member("firstSeq", gone.feed().first())
                    .member("lastSeq", gone.feed().last())
                    .because(gone);
        }
    }

    /** One without changes. */
    Page empty(FeedPlace place, FeedLook look) {
        return page(place, List.of(), look);
    }

    private Page page(FeedPlace place, List<LoggedChange> changes, FeedLook look) {
        long last = changes.isEmpty()
                ? place.after()
                : changes.get(changes.size() - 1).seq();
        var bytes = new ByteArrayOutputStream();
        try (var generator = json.createGenerator(bytes)) {
            generator.writeStartObject();
            generator.writeArrayPropertyStart("items");
            changes.forEach(change -> change.write(generator));
            generator.writeEndArray();
            generator.writeStringProperty("nextCursor", ChangeCursor.after(place.dataset(), last));
            look.asOf(place.dataset(), last).ifPresent(asOf -> generator.writeStringProperty("asOf", asOf.toString()));
            generator.writeEndObject();
        }
        return new Page(changes.isEmpty(), bytes.toByteArray());
    }
}
