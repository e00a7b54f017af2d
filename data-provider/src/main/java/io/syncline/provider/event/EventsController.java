package io.syncline.provider.event;

import io.syncline.provider.request.Caller;
import io.syncline.provider.request.IdempotencyKey;
import io.syncline.provider.request.JsonBody;
import io.syncline.provider.request.Owners;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** {@code POST /events}: a business event of the data's owner. */
@RestController
class EventsController {

    private static final int MAX_LENGTH = 255;

    private final BusinessEvents events;
    private final Owners owners;
    private final JsonMapper json;

    EventsController(BusinessEvents events, Owners owners, JsonMapper json) {
        this.events = events;
        this.owners = owners;
        this.json = json;
    }

    @PostMapping("/events")
    ResponseEntity<BusinessEvents.Announced> create(
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String idempotencyKey,
            Caller caller,
            HttpServletRequest request)
            throws IOException {
        owners.refuseOthers(caller);
        var body = JsonBody.read(request, json, Set.of("type", "subject", "data"));
        var key = IdempotencyKey.read(idempotencyKey);
        var type = body.requiredText("type", MAX_LENGTH);
        var subject = body.text("subject", MAX_LENGTH);
        var data = body.object("data");
        body.refuseErrors();
        var outcome = events.announce(type, subject, data, body.canonical(), caller, key);
        return ResponseEntity.status(outcome.repeated() ? 200 : 201).body(outcome.answer());
    }
}
