package io.syncline.portal.live;

import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** The streams that are open: those of a session end with it, all of them when the portal stops. */
@Component
class LiveStreams {

    private static final String ATTRIBUTE = "io.syncline.portal.streams";

    /** A browser opens about six connections to one origin; older ones are of pages that are gone. */
    static final int MOST_OF_A_SESSION = 6;

    private final Set<LiveStream> all = ConcurrentHashMap.newKeySet();

    void opened(LiveStream stream, HttpSession session) {
        all.add(stream);
        ofSession(session).add(stream);
    }

    void ended(LiveStream stream, HttpSession session) {
        all.remove(stream);
        try {
            ofSession(session).remove(stream);
        } catch (IllegalStateException sessionIsOver) {
            // Its streams went with it.
        }
    }

    int count() {
        return all.size();
    }

    /** Before the web server waits for its requests to end. */
    @EventListener(ContextClosedEvent.class)
    void endAll() {
        all.forEach(LiveStream::end);
    }

    private static OfSession ofSession(HttpSession session) {
        synchronized (ATTRIBUTE) {
            if (session.getAttribute(ATTRIBUTE) instanceof OfSession known) {
                return known;
            }
            var made = new OfSession();
            session.setAttribute(ATTRIBUTE, made);
            return made;
        }
    }

    private static final class OfSession implements HttpSessionBindingListener {

        private final Deque<LiveStream> streams = new ArrayDeque<>();

        void add(LiveStream stream) {
            LiveStream oldest = null;
            synchronized (streams) {
                streams.addLast(stream);
                if (streams.size() > MOST_OF_A_SESSION) {
                    oldest = streams.removeFirst();
                }
            }
            if (oldest != null) {
                oldest.end();
            }
        }

        void remove(LiveStream stream) {
            synchronized (streams) {
                streams.remove(stream);
            }
        }

        @Override
        public void valueUnbound(HttpSessionBindingEvent event) {
            List<LiveStream> open;
            synchronized (streams) {
                open = List.copyOf(streams);
                streams.clear();
            }
            open.forEach(LiveStream::end);
        }
    }
}
