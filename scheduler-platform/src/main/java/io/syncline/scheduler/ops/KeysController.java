package io.syncline.scheduler.ops;

import io.syncline.scheduler.catalog.PageRequest;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.KeyPurpose;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.security.RequiresRecentSignIn;
import io.syncline.scheduler.security.RequiresScope;
import io.syncline.scheduler.security.Scope;
import io.syncline.scheduler.security.SecondApprover;
import io.syncline.scheduler.security.SigningKeys;
import io.syncline.scheduler.security.SigningKeys.Key;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** The platform's own keys. No answer holds anything of what makes them keys. */
@RestController
class KeysController {

    private static final String LIST = "keys";

    private final SigningKeys keys;
    private final JsonMapper json;

    KeysController(SigningKeys keys, JsonMapper json) {
        this.keys = keys;
        this.json = json;
    }

    /** The keys of both purposes, the newest of each first. */
    @GetMapping("/api/v1/keys")
    @RequiresScope(Scope.ADMIN)
    PageView<Key> list(
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        var page = PageRequest.of(limit, cursor);
        var last = ListCursor.read(LIST, page.cursor());
        var found = after(last, keys.list());
        if (found.size() <= page.limit()) {
            return new PageView<>(found, null);
        }
        var items = found.subList(0, page.limit());
        return new PageView<>(
                items, ListCursor.write(LIST, items.get(items.size() - 1).kid()));
    }

    /** A page that begins after a key that was removed since is the last one. */
    private static List<Key> after(@Nullable String kid, List<Key> all) {
        if (kid == null) {
            return all;
        }
        for (int at = 0; at < all.size(); at++) {
            if (all.get(at).kid().equals(kid)) {
                return all.subList(at + 1, all.size());
            }
        }
        return List.of();
    }

    /** Makes the next key the current one, ahead of the schedule; the one before is accepted until its overlap is over. */
    @SecondApprover(SecondApprover.Kind.KEYS)
    @PostMapping(path = "/api/v1/keys/rotate", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresScope(Scope.ADMIN)
    @RequiresRecentSignIn
    @KeepsFirstAnswer
    PageView<Key> rotate(Caller caller, @RequestBody(required = false) byte @Nullable [] body) {
        var sent = ActionBody.read(body, json);
        sent.knows("reason", "purpose");
        var reason = sent.reason();
        var purpose = sent.oneOf("purpose", KeyPurpose.TOKEN);
        sent.valid();
        return new PageView<>(keys.rotate(purpose, caller.subject(), reason), null);
    }

    /** Ends a key at once: nothing made by it is accepted any more, on other nodes within 60 s. */
    @SecondApprover(SecondApprover.Kind.KEYS)
    @PostMapping(path = "/api/v1/keys/{kid}/revoke", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresScope(Scope.ADMIN)
    @RequiresRecentSignIn
    @KeepsFirstAnswer
    Key revoke(Caller caller, @PathVariable String kid, @RequestBody(required = false) byte @Nullable [] body) {
        var sent = ActionBody.read(body, json);
        if (keys.list().stream().noneMatch(key -> key.kid().equals(kid))) {
            throw unknown();
        }
        sent.knows("reason");
        var reason = sent.reason();
        sent.valid();
        return keys.revoke(kid, caller.subject(), reason).orElseThrow(KeysController::unknown);
    }

    private static ProblemException unknown() {
        return ProblemException.of(404, "not-found", "Not found")
                .detail("There is no key of this id; GET /api/v1/keys lists those there are.");
    }
}
