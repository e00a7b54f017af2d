package io.syncline.scheduler.security;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The issuers that are trusted beside the platform. Who may name one may let anybody in, so all of it takes admin. */
@RestController
@RequestMapping("/api/v1/issuers")
class IssuersController {

    private static final String KIND = "issuer";

    private final JdbcTrustedIssuers issuers;
    private final TrustedIssuers trusted;
    private final JdbcClients clients;
    private final IssuersPeople people;
    private final RemoteJwks remote;
    private final PlatformProperties platform;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate transaction;

    IssuersController(
            JdbcTrustedIssuers issuers,
            TrustedIssuers trusted,
            JdbcClients clients,
            IssuersPeople people,
            RemoteJwks remote,
            PlatformProperties platform,
            ApplicationEventPublisher events,
            PlatformTransactionManager transactions) {
        this.issuers = issuers;
        this.trusted = trusted;
        this.clients = clients;
        this.people = people;
        this.remote = remote;
        this.platform = platform;
        this.events = events;
        this.transaction = new TransactionTemplate(transactions);
    }

    @RequiresScope(Scope.ADMIN)
    @GetMapping
    Map<String, Object> list(
            @RequestParam(defaultValue = "50") int limit, @RequestParam(required = false) @Nullable String cursor) {
        return Cursors.page(limit, cursor, issuers::list, TrustedIssuer::key, this::view);
    }

    @RequiresScope(Scope.ADMIN)
    @GetMapping("/{key}")
    ResponseEntity<Map<String, Object>> get(@PathVariable String key) {
        var issuer = issuers.find(key).orElseThrow(Problems::notFound);
        return ResponseEntity.ok().eTag(EntityTags.of(issuer.version())).body(view(issuer));
    }

    /** The keys are fetched once before: an address that is not approved or holds no keys is not taken. */
    @RequiresScope(Scope.ADMIN)
    @RequiresRecentSignIn
    @SecondApprover(SecondApprover.Kind.ISSUERS)
    @PutMapping(path = "/{key}", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Map<String, Object>> put(
            @PathVariable String key,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String ifNoneMatch,
            @RequestBody byte[] body,
            Caller caller) {
        var json = StrictJson.read(body);
        var known = issuers.find(key).orElse(null);
        EntityTags.requirePut(known == null ? null : known.version(), ifMatch, ifNoneMatch);
        var settings = IssuerDocument.of(key, json, platform.publicUrl());
        var problem = IssuerDocument.invalid();
        issuers.byIssuer(settings.issuer())
                .filter(other -> !other.key().equals(key))
                .ifPresent(other -> problem.error("/issuer", "is trusted already, as " + other.key(), "taken"));
        remote.require(settings.jwksUri(), "/jwksUri", problem);
        if (problem.hasErrors()) {
            throw problem;
        }
        var issuer = stored(caller, key, known, settings, PeopleIssuer.of(json.get("people"), problem));
        trusted.forget();
        var answer = known == null ? ResponseEntity.created(URI.create("/api/v1/issuers/" + key)) : ResponseEntity.ok();
        return answer.eTag(EntityTags.of(issuer.version())).body(view(issuer));
    }

    private TrustedIssuer stored(
            Caller caller,
            String key,
            @Nullable TrustedIssuer known,
            TrustedIssuer.Settings settings,
            @Nullable PeopleIssuer signIn) {
        try {
            var issuer = transaction.<TrustedIssuer>execute(status -> {
                people.begin();
                var is = known == null
                        ? issuers.create(key, settings)
                        : issuers.change(key, known.version(), settings).orElseThrow(() -> EntityTags.lostRace(null));
                var before = known == null ? null : view(known);
                people.put(
                        key, signIn, known != null && !known.settings().issuer().equals(settings.issuer()));
                publish(caller, "put", key, before, view(is));
                return is;
            });
            if (issuer == null) {
                throw new IllegalStateException("no issuer");
            }
            return issuer;
        } catch (DuplicateKeyException e) {
            throw EntityTags.lostRace(null).cause(e);
        }
    }

    @RequiresScope(Scope.ADMIN)
    @RequiresRecentSignIn
    @SecondApprover(SecondApprover.Kind.ISSUERS)
    @DeleteMapping("/{key}")
    ResponseEntity<Void> delete(
            @PathVariable String key,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            Caller caller) {
        var known = issuers.find(key).orElseThrow(Problems::notFound);
        EntityTags.requireMatch(known.version(), ifMatch);
        transaction.executeWithoutResult(status -> {
            issuers.lock(key);
            if (clients.namesIssuer(key) || people.nameIssuer(key)) {
                throw ProblemException.of(409, "issuer-in-use", "The issuer is in use")
                        .detail(
                                "Clients or people come by its tokens: first take \"external\" from them, or delete them.");
            }
            var before = view(known);
            people.put(key, null, true);
            if (!issuers.delete(key, known.version())) {
                throw EntityTags.lostRace(null);
            }
            publish(caller, "delete", key, before, null);
        });
        trusted.forget();
        return ResponseEntity.noContent().build();
    }

    private void publish(Caller caller, String action, String key, @Nullable Object before, @Nullable Object after) {
        events.publishEvent(
                SecurityChanged.of(caller.subject(), action, KIND, key).from(before, after));
    }

    private Map<String, Object> view(TrustedIssuer issuer) {
        var settings = issuer.settings();
        var view = new LinkedHashMap<String, Object>();
        view.put("key", issuer.key());
        view.put("issuer", settings.issuer());
        view.put("jwksUri", settings.jwksUri().toString());
        view.put("algorithms", new TreeSet<>(settings.algorithms()));
        view.put("audience", settings.audience());
        view.put("types", new TreeSet<>(settings.types()));
        view.put("maxTokenLife", settings.maxTokenLife().toString());
        people.find(issuer.key()).ifPresent(signIn -> view.put("people", signIn.view()));
        view.put("createdAt", issuer.createdAt());
        view.put("updatedAt", issuer.updatedAt());
        return view;
    }
}
