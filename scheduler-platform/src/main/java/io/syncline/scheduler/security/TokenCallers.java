package io.syncline.scheduler.security;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationManagerResolver;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationProvider;
import org.springframework.stereotype.Component;

/** Finds out whose token it is: an access token everywhere, a callback token on the callbacks route alone. */
@Component
final class TokenCallers implements AuthenticationManagerResolver<HttpServletRequest> {

    private static final String CALLBACK_SUBJECT = "callback";

    private final Routes routes;
    private final MacCallbackTokens callbackTokens;
    private final ClientStanding clients;
    private final SessionStanding sessions;
    private final ExternalTokens externalTokens;
    private final JwtAuthenticationProvider accessTokens;

    TokenCallers(
            Routes routes,
            MacCallbackTokens callbackTokens,
            ClientStanding clients,
            SessionStanding sessions,
            ExternalTokens externalTokens,
            StrictJwtDecoder decoder) {
        this.routes = routes;
        this.callbackTokens = callbackTokens;
        this.clients = clients;
        this.sessions = sessions;
        this.externalTokens = externalTokens;
        this.accessTokens = new JwtAuthenticationProvider(decoder);
        accessTokens.setJwtAuthenticationConverter(jwt -> caller(jwt));
    }

    @Override
    public AuthenticationManager resolve(HttpServletRequest request) {
        return authentication -> authenticate(request, authentication);
    }

    private Authentication authenticate(HttpServletRequest request, Authentication authentication) {
        if (authentication instanceof BearerTokenAuthenticationToken bearer
                && bearer.getToken().startsWith(MacCallbackTokens.PREFIX)) {
            return byCallbackToken(request, bearer.getToken());
        }
        if (authentication instanceof BearerTokenAuthenticationToken bearer) {
            var external = byExternalToken(bearer.getToken());
            if (external.isPresent()) {
                return external.get();
            }
        }
        var caller = accessTokens.authenticate(authentication);
        if (caller == null) {
            throw new InvalidBearerTokenException("no bearer token");
        }
        return caller;
    }

    private Optional<Authentication> byExternalToken(String token) {
        try {
            var unverified = StrictJws.read(token);
            return externalTokens
                    .issuer(unverified)
                    .map(issuer -> new CallerAuthentication(externalTokens.caller(unverified, issuer)));
        } catch (BadJwtException e) {
            throw new InvalidBearerTokenException("the token of an issuer is not accepted", e);
        }
    }

    private Authentication byCallbackToken(HttpServletRequest request, String token) {
        var callbacks = Routes.taking(routes.at(request), request.getMethod()).stream()
                .anyMatch(route -> route.access() instanceof Route.Callback);
        if (!callbacks) {
            throw new InvalidBearerTokenException("a callback token is good for callbacks alone");
        }
        return callbackTokens
                .verify(token)
                .map(grant -> new CallerAuthentication(new Caller(CALLBACK_SUBJECT, null, Set.of(), grant, null)))
                .orElseThrow(() -> new InvalidBearerTokenException("the callback token is forged or expired"));
    }

    /** What the token says, cut to what its client may do now. */
    private CallerAuthentication caller(Jwt jwt) {
        var clientId = jwt.getClaimAsString("client_id");
        if (clientId == null) {
            throw new InvalidBearerTokenException("the token names no client");
        }
        var client = clients.find(clientId)
                .orElseThrow(() -> new InvalidBearerTokenException("the token's client is no more"));
        var issuedAt = jwt.getIssuedAt();
        // A token has whole seconds; a client made anew under an old key does not revive the old one's tokens.
        if (issuedAt == null || issuedAt.plusSeconds(1).isBefore(client.createdAt())) {
            throw new InvalidBearerTokenException("the token is older than its client");
        }
        var scopes = EnumSet.noneOf(Scope.class);
        scopes.addAll(Scope.withIncluded(named(jwt.getClaimAsString("scope"))));
        if (jwt.hasClaim("sid")) {
            return person(jwt, client, scopes);
        }
        scopes.retainAll(Scope.withIncluded(client.scopes()));
        return new CallerAuthentication(
                Caller.machine(client.key(), client.system(), scopes), null, jwt.getExpiresAt());
    }

    /** What the token says, cut to what its person may do now, while the session stands. */
    private CallerAuthentication person(Jwt jwt, Client client, Set<Scope> scopes) {
        if (!(jwt.getClaim("sid") instanceof String session)) {
            throw new InvalidBearerTokenException("the token names no session");
        }
        var signedIn = sessions.find(session)
                .filter(known -> known.user().key().equals(jwt.getSubject())
                        && known.session().client().equals(client.key()))
                .orElseThrow(() -> new InvalidBearerTokenException("the token's session is over"));
        if (!(jwt.getClaim("auth_time") instanceof Number signedInAt)) {
            throw new InvalidBearerTokenException("the token does not say when its person signed in");
        }
        var user = signedIn.user();
        scopes.retainAll(user.scopes());
        var person = new Person(user.key(), user.roles(), user.labels(), Instant.ofEpochSecond(signedInAt.longValue()));
        var caller = new Caller(user.key(), null, scopes, null, person);
        return new CallerAuthentication(caller, signedIn.session().id(), jwt.getExpiresAt());
    }

    private static Set<Scope> named(@Nullable String text) {
        var scopes = EnumSet.noneOf(Scope.class);
        if (text != null) {
            for (var name : text.split(" ")) {
                Scope.of(name).ifPresent(scopes::add);
            }
        }
        return scopes;
    }
}
