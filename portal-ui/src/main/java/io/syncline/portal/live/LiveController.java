package io.syncline.portal.live;

import io.syncline.portal.platform.Events;
import io.syncline.portal.platform.PlatformException;
import io.syncline.portal.platform.PlatformException.Kind;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;

/** Hands the platform's events on to the browser, as the person whose browser it is. */
@Controller
class LiveController {

    private final Events events;
    private final LiveStreams streams;

    LiveController(Events events, LiveStreams streams) {
        this.events = events;
        this.streams = streams;
    }

    /** @param after where a page was that connects anew by itself; a browser says it in the header */
    @GetMapping("/live")
    void live(
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            @RequestParam(required = false) @Nullable String after,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        var upstream = events.open(lastEventId == null ? after : lastEventId);
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE + ";charset=UTF-8");
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader("X-Accel-Buffering", "no");
        var session = request.getSession();
        var context = request.startAsync();
        context.setTimeout(0);
        var stream = new LiveStream(context, response.getOutputStream(), ended -> streams.ended(ended, session));
        streams.opened(stream, session);
        stream.begin(upstream);
    }

    /** No page: it is a script that asks. A browser tries again after anything but 200 only if the page does. */
    @ExceptionHandler(PlatformException.class)
    void trouble(PlatformException trouble, HttpServletResponse response) {
        response.setStatus(
                trouble.kind() == Kind.FORBIDDEN
                        ? HttpStatus.FORBIDDEN.value()
                        : HttpStatus.SERVICE_UNAVAILABLE.value());
    }
}
