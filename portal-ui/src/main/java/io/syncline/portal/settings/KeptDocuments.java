package io.syncline.portal.settings;

import io.syncline.portal.page.SecretMembers;
import jakarta.servlet.http.HttpSession;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Documents on their way from a plan to its apply. They wait in the session, one set at a time, because they may hold secrets,
 * which stand in no page.
 *
 * @param id of this set; another one has taken its place when the session knows another
 * @param text YAML or JSON, with line ends as files have them
 * @param source where the files stand; empty: it was not said
 * @param reason as it was typed for an apply that did not come about
 */
record KeptDocuments(String id, String text, String source, boolean prune, List<String> labels, String reason)
        implements Serializable {

    private static final long serialVersionUID = 1L;
    private static final String ATTRIBUTE = KeptDocuments.class.getName();

    KeptDocuments {
        labels = List.copyOf(labels);
    }

    static KeptDocuments of(String text, String source, boolean prune, List<String> labels) {
        return new KeptDocuments(UUID.randomUUID().toString(), text, source, prune, labels, "");
    }

    static Optional<KeptDocuments> find(HttpSession session, String id) {
        return session.getAttribute(ATTRIBUTE) instanceof KeptDocuments kept && kept.id.equals(id)
                ? Optional.of(kept)
                : Optional.empty();
    }

    void keep(HttpSession session) {
        session.setAttribute(ATTRIBUTE, this);
    }

    void drop(HttpSession session) {
        if (find(session, id).isPresent()) {
            session.removeAttribute(ATTRIBUTE);
        }
    }

    KeptDocuments because(String typed) {
        return new KeptDocuments(id, text, source, prune, labels, typed);
    }

    /** Whether the text may stand in a page again. */
    boolean mayBeShown() {
        return !SecretMembers.mayStandIn(text);
    }

    boolean isJson() {
        return text.stripLeading().startsWith("[");
    }

    /** Without the documents. */
    @Override
    public String toString() {
        return "KeptDocuments[" + id + "]";
    }
}
