package io.syncline.portal.data;

import io.syncline.portal.platform.ApiCall;
import io.syncline.portal.platform.Person;
import io.syncline.portal.platform.Platform;
import io.syncline.portal.platform.PlatformException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which task groups call which paths, as far as the person reaches them.
 *
 * @param areAll false: they could not be read, or there are more
 */
record ReadingGroups(List<Item> items, boolean areAll) {

    private static final String READ = "config:read";
    private static final int MOST = 200;

    record Item(String key, @Nullable List<Definition> definitions) {

        boolean calls(String path) {
            return definitions != null && definitions.stream().anyMatch(task -> path.equals(task.path()));
        }
    }

    record Definition(@Nullable String path) {}

    private record Part(List<Item> items, @Nullable String nextCursor) {}

    /** Without the platform's answer the page goes on without them. */
    static ReadingGroups of(Platform platform, Person person) {
        if (!person.may(READ)) {
            return new ReadingGroups(List.of(), false);
        }
        try {
            var part = platform.ask(
                    ApiCall.get("/api/v1/groups").query("limit", MOST).needs(READ), Part.class);
            return new ReadingGroups(part.items(), part.nextCursor() == null);
        } catch (PlatformException notNow) {
            return new ReadingGroups(List.of(), false);
        }
    }

    List<String> calling(String path) {
        return items.stream().filter(group -> group.calls(path)).map(Item::key).toList();
    }
}
