package io.syncline.portal.signin;

import jakarta.servlet.http.HttpServletRequest;

/** Requests that a page makes by itself to stay up to date: no sign of a person, and answered to a script. */
final class LiveRequests {

    /** Set by the script of the pages. */
    static final String HEADER = "X-Live";

    private LiveRequests() {}

    static boolean is(HttpServletRequest request) {
        return request.getHeader(HEADER) != null || request.getServletPath().equals("/live");
    }
}
