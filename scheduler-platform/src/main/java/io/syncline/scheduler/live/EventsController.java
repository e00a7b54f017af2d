package io.syncline.scheduler.live;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.syncline.scheduler.security.Admissions;
import io.syncline.scheduler.security.RequiresScope;
import io.syncline.scheduler.security.Scope;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

@RestController
class EventsController {

    private final LiveFeed feed;
    private final Admissions admissions;

    EventsController(LiveFeed feed, Admissions admissions) {
        this.feed = feed;
        this.admissions = admissions;
    }

    /**
     * What changes within reach, while it changes: events {@code change} with {@code {"kind", "id", "version"}}, kind being run,
     * trigger, alert, group, system or cluster; what it has become is to be fetched. An event {@code reset} says that anything
     * may have changed. {@code Last-Event-ID} goes on where a stream was cut, on any node, for 5 min. The stream ends with the
     * token.
     */
    @GetMapping(path = "/api/v1/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @RequiresScope(Scope.RUNS_READ)
    @ApiResponse(
            responseCode = "200",
            content = @Content(mediaType = MediaType.TEXT_EVENT_STREAM_VALUE, schema = @Schema(type = "string")))
    void events(
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            HttpServletRequest request,
            HttpServletResponse response) {
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE + ";charset=UTF-8");
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        // Proxies in between hand each event on at once.
        response.setHeader("X-Accel-Buffering", "no");
        if (request.getMethod().equals(HttpMethod.HEAD.name())) {
            return;
        }
        var admission = admissions.ofThisRequest();
        feed.join(lastEventId, () -> {
            try {
                var out = response.getOutputStream();
                var context = request.startAsync();
                context.setTimeout(0);
                var stream = new EventStream(context, out, admission, feed::leave);
                stream.begin();
                return stream;
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        });
    }
}
