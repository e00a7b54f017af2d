package io.syncline.portal.signin;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A form that was sent too long after the last sign-in. It waits in the session, one at a time, until the person has signed in
 * again; so nothing of it, passwords of others least of all, stands in a page.
 */
record KeptForm(String path, Map<String, String[]> fields) {

    private static final String ATTRIBUTE = KeptForm.class.getName();

    static void keep(HttpServletRequest form) {
        var path = form.getRequestURI().substring(form.getContextPath().length());
        form.getSession().setAttribute(ATTRIBUTE, new KeptForm(path, Map.copyOf(form.getParameterMap())));
    }

    static boolean isThere(HttpSession session) {
        return session.getAttribute(ATTRIBUTE) instanceof KeptForm;
    }

    /** Takes it out of the session. */
    static Optional<KeptForm> take(HttpSession session) {
        var kept = session.getAttribute(ATTRIBUTE);
        session.removeAttribute(ATTRIBUTE);
        return kept instanceof KeptForm form ? Optional.of(form) : Optional.empty();
    }

    /** Lets it be handled as if it were sent now; {@code within} was checked to come from a page of this portal. */
    void sendAgain(HttpServletRequest within, HttpServletResponse response) throws ServletException, IOException {
        within.getRequestDispatcher(path).forward(new Sent(within, fields), response);
    }

    @Override
    public String toString() {
        return "KeptForm[" + path + "]";
    }

    private static final class Sent extends HttpServletRequestWrapper {

        private final Map<String, String[]> fields;

        Sent(HttpServletRequest request, Map<String, String[]> fields) {
            super(request);
            this.fields = fields;
        }

        @Override
        public @Nullable String getParameter(String name) {
            var all = fields.get(name);
            return all == null || all.length == 0 ? null : all[0];
        }

        @Override
        public String @Nullable [] getParameterValues(String name) {
            return fields.get(name);
        }

        @Override
        public Map<String, String[]> getParameterMap() {
            return Collections.unmodifiableMap(fields);
        }

        @Override
        public Enumeration<String> getParameterNames() {
            return Collections.enumeration(fields.keySet());
        }
    }
}
