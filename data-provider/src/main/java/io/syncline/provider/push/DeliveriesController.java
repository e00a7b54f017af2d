package io.syncline.provider.push;

import io.syncline.provider.problem.ProblemException;
import io.syncline.provider.push.JdbcDeliveries.DeliveryView;
import io.syncline.provider.request.Caller;
import io.syncline.provider.request.IdempotencyKey;
import io.syncline.provider.request.JsonBody;
import io.syncline.provider.request.Owners;
import io.syncline.provider.request.PageLimit;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** {@code /deliveries}: what became of each, and once more. */
@RestController
class DeliveriesController {

    private static final Set<String> STATES = Set.of("PENDING", "DELIVERED", "DEAD");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /** Above every id. */
    private static final String NEWEST = "g";

    private final JdbcDeliveries deliveries;
    private final Replays replays;
    private final Owners owners;
    private final Fanout fanout;
    private final JsonMapper json;

    DeliveriesController(JdbcDeliveries deliveries, Replays replays, Owners owners, Fanout fanout, JsonMapper json) {
        this.deliveries = deliveries;
        this.replays = replays;
        this.owners = owners;
        this.fanout = fanout;
        this.json = json;
    }

    record Page(List<DeliveryView> items, @Nullable String nextCursor) {}

    /** The newest first; the cursor is the id of the last one. */
    @GetMapping("/deliveries")
    Page list(
            @RequestParam(required = false) @Nullable String subscription,
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable String limit,
            Caller caller) {
        owners.refuseOthers(caller);
        var problem = ProblemException.of(400, "invalid-parameter", "A parameter is not of its type");
        if (state != null && !STATES.contains(state)) {
            problem.error("parameter", "state", "is PENDING, DELIVERED or DEAD", "type");
        }
        if (cursor != null && !ID.matcher(cursor).matches()) {
            problem.error("parameter", "cursor", "is a nextCursor of this list", "cursor");
        }
        int count = PageLimit.read(limit, problem);
        if (problem.hasErrors()) {
            throw problem;
        }
        var items = deliveries.page(subscription, state, cursor == null ? NEWEST : cursor, count + 1);
        boolean more = items.size() > count;
        var shown = more ? items.subList(0, count) : items;
        return new Page(shown, more ? shown.get(count - 1).deliveryId() : null);
    }

    @PostMapping("/deliveries/replay")
    ResponseEntity<Replays.Replayed> replay(
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String idempotencyKey,
            Caller caller,
            HttpServletRequest request)
            throws IOException {
        owners.refuseOthers(caller);
        var body = JsonBody.read(
                request, json, new TreeSet<>(List.of("deliveryId", "subscription", "deadSince", "after")));
        var key = IdempotencyKey.read(idempotencyKey);
        var wish = new Replays.Wish(
                body.text("deliveryId", 36),
                body.text("subscription", 63),
                instant(body, body.text("deadSince", 40)),
                body.text("after", 200));
        body.refuseErrors();
        refuseUnclear(wish);
        var replayed = replays.replay(wish, caller, key, body.canonical());
        fanout.wake();
        return ResponseEntity.accepted().body(replayed);
    }

    private static void refuseUnclear(Replays.Wish wish) {
        boolean one = wish.deliveryId() != null
                && wish.subscription() == null
                && wish.deadSince() == null
                && wish.after() == null;
        boolean many = wish.deliveryId() == null
                && wish.subscription() != null
                && (wish.deadSince() == null) != (wish.after() == null);
        if (!one && !many) {
            throw ProblemException.invalid("Send deliveryId alone, or subscription with either deadSince or after")
                    .error("pointer", "", "says not exactly one thing to replay", "choice");
        }
    }

    private static @Nullable Instant instant(JsonBody body, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeException wrong) {
            body.error("deadSince", "is an instant such as 2026-11-20T08:00:00Z", "type");
            return null;
        }
    }
}
