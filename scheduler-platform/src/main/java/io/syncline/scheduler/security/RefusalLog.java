package io.syncline.scheduler.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes who was not let in to the log: forged or missing tokens, wrong secrets, rights that are lacking, too many tries. At
 * most {@value #LINES_A_SECOND} lines a second, so that a flood of refusals is none of lines; what was left out is counted.
 */
final class RefusalLog {

    static final int LINES_A_SECOND = 20;
    private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
    private static final String CALLER = RefusalLog.class.getName() + ".caller";

    private final LongSupplier nanoTime;
    private long second;
    private int lines;
    private long leftOut;

    RefusalLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.second = TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong());
    }

    /** Notes who asks, for a refusal that is written when the security context is gone. */
    static void comesFrom(HttpServletRequest request, Caller caller) {
        request.setAttribute(CALLER, caller.subject());
    }

    void write(HttpServletRequest request, ProblemException problem) {
        if (mayWrite()) {
            var caller = request.getAttribute(CALLER);
            LOG.info(
                    "{} {} refused with {} to {} at {}",
                    request.getMethod(),
                    request.getRequestURI(),
                    problem.status(),
                    caller == null ? "nobody known" : caller,
                    request.getRemoteAddr());
        }
    }

    private synchronized boolean mayWrite() {
        var now = TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong());
        if (now != second) {
            if (leftOut > 0) {
                LOG.info("{} more refusals were not written", leftOut);
            }
            second = now;
            lines = 0;
            leftOut = 0;
        }
        if (lines == LINES_A_SECOND) {
            leftOut++;
            return false;
        }
        lines++;
        return true;
    }
}
