package io.syncline.scheduler.security;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** A person's own settings, as pages keep them; the platform reads nothing in them. */
@RestController
@RequestMapping("/api/v1/me/settings")
class PersonSettingsController {

    private static final int MOST_BYTES = 64 * 1024;

    private final PersonSettings settings;

    PersonSettingsController(PersonSettings settings) {
        this.settings = settings;
    }

    /** An empty object, without an ETag, as long as nothing was kept. */
    @PersonRoute
    @GetMapping
    ResponseEntity<JsonNode> settings(Caller caller) {
        return settings.find(caller.subject())
                .map(PersonSettingsController::answer)
                .orElseGet(() -> ResponseEntity.ok(JsonNodeFactory.instance.objectNode()));
    }

    /** Any JSON object of 64 KiB at most, in place of the one before. */
    @PersonRoute
    @PutMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<JsonNode> keep(
            @RequestBody byte[] bytes,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String ifNoneMatch,
            Caller caller)
            throws BodyTooLargeException {
        if (bytes.length > MOST_BYTES) {
            throw new BodyTooLargeException(MOST_BYTES);
        }
        var body = StrictJson.read(bytes);
        var before = settings.find(caller.subject())
                .map(PersonSettings.Kept::version)
                .orElse(null);
        EntityTags.requirePut(before, ifMatch, ifNoneMatch);
        if (!body.isObject()) {
            throw ProblemException.of(422, "invalid-body", "The body is not valid")
                    .detail("Send a JSON object.")
                    .error("", "is no object", "type");
        }
        return answer(settings.keep(caller.subject(), body.toString(), before));
    }

    private static ResponseEntity<JsonNode> answer(PersonSettings.Kept kept) {
        return ResponseEntity.ok()
                .eTag(EntityTags.of(kept.version()))
                .body(StrictJson.read(kept.document().getBytes(StandardCharsets.UTF_8)));
    }
}
