package io.syncline.portal.groups;

import jakarta.servlet.http.HttpSession;
import java.io.Serializable;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What a person has typed into the editor and not saved yet; kept as long as the session. */
@Component
class Drafts {

    /**
     * @param yaml as it was typed, readable or not
     * @param version on which it is built; null: there was none
     */
    record Draft(String yaml, @Nullable Integer version, Instant at) implements Serializable {}

    Optional<Draft> find(HttpSession session, @Nullable String key) {
        return session.getAttribute(name(key)) instanceof Draft draft ? Optional.of(draft) : Optional.empty();
    }

    void keep(HttpSession session, @Nullable String key, Draft draft) {
        session.setAttribute(name(key), draft);
    }

    void drop(HttpSession session, @Nullable String key) {
        session.removeAttribute(name(key));
    }

    private static String name(@Nullable String key) {
        return "draft of group " + (key == null ? "(new)" : key);
    }
}
