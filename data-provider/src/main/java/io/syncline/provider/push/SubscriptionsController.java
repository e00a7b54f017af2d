package io.syncline.provider.push;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.syncline.outbox.WebhookSigner;
import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.dataset.Datasets;
import io.syncline.provider.problem.ProblemException;
import io.syncline.provider.request.Caller;
import io.syncline.provider.request.JsonBody;
import io.syncline.provider.request.Owners;
import io.syncline.provider.request.PageLimit;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** {@code /subscriptions} and {@code /subscriptions/{key}}. */
@RestController
class SubscriptionsController {

    private static final String KEY = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";
    /** Below every key. */
    private static final String BEFORE_ALL = "-";

    private static final int MAX_ENDPOINT = 2000;
    private static final int MAX_SECRET = 200;

    private final Subscriptions subscriptions;
    private final EndpointGuard guard;
    private final Datasets datasets;
    private final Owners owners;
    private final Fanout fanout;
    private final JsonMapper json;

    SubscriptionsController(
            Subscriptions subscriptions,
            EndpointGuard guard,
            Datasets datasets,
            Owners owners,
            Fanout fanout,
            JsonMapper json) {
        this.subscriptions = subscriptions;
        this.guard = guard;
        this.datasets = datasets;
        this.owners = owners;
        this.fanout = fanout;
        this.json = json;
    }

    /**
     * As it is answered.
     *
     * @param unstored changes of the log for which no delivery is stored yet; in the list alone
     * @param secret shown once, in the answer to the request that made it
     */
    record SubscriptionView(
            String key,
            String dataset,
            String endpoint,
            boolean ordered,
            String state,
            @Nullable String disabledBecause,
            @Nullable Instant failingSince,
            @Nullable Instant earlierSecretUntil,
            Instant createdAt,
            Instant changedAt,
            String changedBy,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Long unstored,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String secret) {}

    record Page(List<SubscriptionView> items, @Nullable String nextCursor) {}

    /** In the order of their keys; the cursor is the key of the last one. */
    @GetMapping("/subscriptions")
    Page list(
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable String limit,
            Caller caller) {
        owners.refuseOthers(caller);
        var problem = ProblemException.of(400, "invalid-parameter", "A parameter is not of its type");
        if (cursor != null && !cursor.matches(KEY)) {
            problem.error("parameter", "cursor", "is a nextCursor of this list", "cursor");
        }
        int count = PageLimit.read(limit, problem);
        if (problem.hasErrors()) {
            throw problem;
        }
        var page = subscriptions.page(cursor == null ? BEFORE_ALL : cursor, count + 1);
        boolean more = page.size() > count;
        var shown = more ? page.subList(0, count) : page;
        var unstored =
                subscriptions.unstored(shown.stream().map(Subscription::key).toList());
        var now = subscriptions.now();
        var items = shown.stream()
                .map(one -> view(one, now, unstored.getOrDefault(one.key(), 0L), null))
                .toList();
        return new Page(items, more ? shown.get(count - 1).key() : null);
    }

    @GetMapping("/subscriptions/{key}")
    ResponseEntity<SubscriptionView> one(@PathVariable String key, Caller caller) {
        owners.refuseOthers(caller);
        return answer(200, subscriptions.get(key), null);
    }

    @PutMapping("/subscriptions/{key}")
    ResponseEntity<SubscriptionView> put(
            @PathVariable String key,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String ifNoneMatch,
            Caller caller,
            HttpServletRequest request)
            throws IOException {
        owners.refuseOthers(caller);
        if (!key.matches(KEY)) {
            throw ProblemException.invalid("A key is a lower-case DNS label")
                    .error(
                            "parameter",
                            "key",
                            "has 1 to 63 of a-z, 0-9 and -, and neither begins nor ends with -",
                            "type");
        }
        var body = JsonBody.read(
                request, json, new TreeSet<>(List.of("dataset", "endpoint", "ordered", "secret", "rotateSecret")));
        var wish = wish(body);
        body.refuseErrors();
        var outcome = subscriptions.put(key, wish, new Preconditions(ifMatch, ifNoneMatch), caller.subject());
        fanout.wake();
        return answer(outcome.created() ? 201 : 200, outcome.subscription(), outcome.shown());
    }

    private Subscriptions.Wish wish(JsonBody body) {
        var dataset = body.requiredText("dataset", 63);
        if (!dataset.isEmpty()
                && datasets.find(dataset).filter(Dataset::changes).isEmpty()) {
            body.error("dataset", "there is no dataset of this name with a change log", "unknown");
        }
        var endpoint = body.requiredText("endpoint", MAX_ENDPOINT);
        if (!endpoint.isEmpty()) {
            guard.fault(endpoint).ifPresent(fault -> body.error("endpoint", fault, "endpoint"));
        }
        var secret = body.text("secret", MAX_SECRET);
        if (secret != null && !isSecret(secret)) {
            body.error("secret", "is whsec_ and the base64 of 24 to 64 bytes", "type");
        }
        boolean rotate = body.flag("rotateSecret", false);
        if (rotate && secret != null) {
            body.error("rotateSecret", "makes a secret; do not send one beside it", "conflict");
        }
        return new Subscriptions.Wish(dataset, endpoint, body.flag("ordered", true), secret, rotate);
    }

    private static boolean isSecret(String text) {
        try {
            return !new WebhookSigner(List.of(text)).toString().isEmpty();
        } catch (IllegalArgumentException wrong) {
            return false;
        }
    }

    @DeleteMapping("/subscriptions/{key}")
    ResponseEntity<Void> delete(
            @PathVariable String key,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            Caller caller) {
        owners.refuseOthers(caller);
        subscriptions.delete(key, new Preconditions(ifMatch, null));
        return ResponseEntity.noContent().build();
    }

    private ResponseEntity<SubscriptionView> answer(int status, Subscription subscription, @Nullable String shown) {
        return ResponseEntity.status(status)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .eTag(subscription.etag())
                .body(view(subscription, subscriptions.now(), null, shown));
    }

    private static SubscriptionView view(
            Subscription subscription, Instant now, @Nullable Long unstored, @Nullable String shown) {
        var until = subscription.earlierUntil();
        boolean overlaps = until != null && until.isAfter(now);
        return new SubscriptionView(
                subscription.key(),
                subscription.dataset(),
                subscription.endpoint(),
                subscription.ordered(),
                subscription.enabled() ? "ACTIVE" : "DISABLED",
                subscription.disabledBecause(),
                subscription.failingSince(),
                overlaps ? until : null,
                subscription.createdAt(),
                subscription.changedAt(),
                subscription.changedBy(),
                unstored,
                shown);
    }
}
