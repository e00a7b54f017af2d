package io.syncline.scheduler.security;

import io.syncline.scheduler.store.SteadyClock;
import io.syncline.scheduler.store.StorableText;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.stereotype.Component;

/** Takes the access tokens of trusted issuers: one subject of an issuer is one client, or nobody. */
@Component
final class ExternalTokens {

    private static final int LONGEST_SUBJECT = 255;

    private final TrustedIssuers issuers;
    private final RemoteJwks remote;
    private final ClientStanding clients;
    private final LastUse lastUse;
    private final StrictJws tokens;

    ExternalTokens(
            TrustedIssuers issuers, RemoteJwks remote, ClientStanding clients, LastUse lastUse, SteadyClock clock) {
        this.issuers = issuers;
        this.remote = remote;
        this.clients = clients;
        this.lastUse = lastUse;
        this.tokens = new StrictJws(clock);
    }

    /** The issuer that the token says it is from, when we trust it; nothing else of the token is looked at. */
    Optional<TrustedIssuer> issuer(StrictJws.Unverified token) {
        return token.issuer().flatMap(issuers::byIssuer);
    }

    /**
     * @throws BadJwtException when the token is not good, or its subject is no client of ours
     * @throws ProblemException 503 when the issuer's keys cannot be had
     */
    Caller caller(StrictJws.Unverified token, TrustedIssuer issuer) {
        var address = issuer.settings().jwksUri();
        var verified = tokens.verify(token, issuer.policy(), kid -> remote.find(address, kid));
        var subject = verified.required("sub");
        if (subject.length() > LONGEST_SUBJECT || !StorableText.is(subject)) {
            throw new BadJwtException("the token's subject is none that a client could have");
        }
        var client = clients.findExternal(issuer.key(), subject)
                .orElseThrow(() -> new BadJwtException("the token's subject is no client"));
        lastUse.note(client.key());
        return Caller.machine(client.key(), client.system(), scopes(client, verified.text("scope")));
    }

    /** All that the client may do, or those scopes of ours that the token names; an issuer's own names say nothing to us. */
    private static Set<Scope> scopes(Client client, @Nullable String named) {
        var allowed = Scope.withIncluded(client.scopes());
        var narrowed = EnumSet.noneOf(Scope.class);
        if (named != null) {
            for (var name : named.split(" ")) {
                Scope.of(name).ifPresent(narrowed::add);
            }
        }
        if (narrowed.isEmpty()) {
            return allowed;
        }
        var scopes = EnumSet.noneOf(Scope.class);
        scopes.addAll(Scope.withIncluded(narrowed));
        scopes.retainAll(allowed);
        return scopes;
    }
}
