package io.syncline.scheduler.outbound;

import io.syncline.scheduler.catalog.Credential;
import io.syncline.scheduler.catalog.CredentialUse;
import io.syncline.scheduler.catalog.Credentials;
import io.syncline.scheduler.catalog.KeptCredential;
import io.syncline.scheduler.security.ClientAssertions;
import io.syncline.scheduler.store.SteadyClock;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What this node makes of the systems' credentials: tokens and connections, kept as long as the secret behind them stands. */
final class Proofs implements AutoCloseable {

    /**
     * One credential on this node. While a replaced secret may still be presented, the one that was taken last comes first,
     * then the other, then the first again: whoever changes over between two of them refuses at most two.
     */
    static final class Standing {

        private final KeptCredential kept;
        private final @Nullable ProofSource current;
        private final @Nullable ProofSource previous;
        private final Consumer<Boolean> use;
        private volatile boolean previousFirst;

        /** @param use hears whether it was the previous secret that was taken */
        private Standing(
                KeptCredential kept,
                @Nullable ProofSource current,
                @Nullable ProofSource previous,
                Consumer<Boolean> use) {
            this.use = use;
            this.kept = kept;
            this.current = current;
            this.previous = previous;
        }

        KeptCredential kept() {
            return kept;
        }

        /** What may be presented now, in this order; empty when there is no secret. */
        List<ProofSource> order(SteadyClock clock) {
            if (current == null) {
                return List.of();
            }
            Instant until = kept.previousUntil();
            if (previous == null || until == null || !clock.now().isBefore(until)) {
                return List.of(current);
            }
            return previousFirst ? List.of(previous, current, previous) : List.of(current, previous, current);
        }

        /** The other side has taken this one. */
        void taken(ProofSource source) {
            boolean isPrevious = source == previous;
            if (previousFirst != isPrevious) {
                previousFirst = isPrevious;
            }
            use.accept(isPrevious);
        }
    }

    private final Credentials credentials;
    private final ClientAssertions assertions;
    private final GuardedRequests requests;
    private final HttpCalls http;
    private final OutboundProperties properties;
    private final Executor work;
    private final SteadyClock clock;
    private final LongSupplier nanos;
    private final CredentialUse use;
    private final Map<String, Standing> standings = new ConcurrentHashMap<>();

    Proofs(
            Credentials credentials,
            ClientAssertions assertions,
            GuardedRequests requests,
            HttpCalls http,
            OutboundProperties properties,
            Executor work,
            SteadyClock clock,
            LongSupplier nanos,
            CredentialUse use) {
        this.use = use;
        this.credentials = credentials;
        this.assertions = assertions;
        this.requests = requests;
        this.http = http;
        this.properties = properties;
        this.work = work;
        this.clock = clock;
        this.nanos = nanos;
    }

    SteadyClock clock() {
        return clock;
    }

    /** Null when the system has no such credential. */
    @Nullable
    Standing standing(String system, String name) {
        String key = system + "/" + name;
        KeptCredential kept = credentials.find(system, name).orElse(null);
        Standing known = standings.get(key);
        if (known != null && known.kept == kept) {
            return known;
        }
        return standings.compute(key, (k, present) -> {
            if (present != null && present.kept == kept) {
                return present;
            }
            return replaced(system, present, kept);
        });
    }

    private @Nullable Standing replaced(String system, @Nullable Standing before, @Nullable KeptCredential kept) {
        ProofSource current = kept == null ? null : source(kept.current(), before);
        ProofSource previous = kept == null ? null : source(kept.previous(), before);
        if (before != null) {
            retireUnless(before.current, current, previous);
            retireUnless(before.previous, current, previous);
        }
        return kept == null
                ? null
                : new Standing(
                        kept,
                        current,
                        previous,
                        isPrevious -> use.taken(system, kept.name(), kept.revision(), isPrevious));
    }

    private static void retireUnless(
            @Nullable ProofSource old, @Nullable ProofSource current, @Nullable ProofSource previous) {
        if (old != null && old != current && old != previous) {
            old.retire();
        }
    }

    /** The tokens and connections of a secret that has only changed its place stay. */
    private @Nullable ProofSource source(@Nullable Credential secret, @Nullable Standing before) {
        if (secret == null) {
            return null;
        }
        if (before != null && before.current != null && secret.equals(before.kept.current())) {
            return before.current;
        }
        if (before != null && before.previous != null && secret.equals(before.kept.previous())) {
            return before.previous;
        }
        if (secret instanceof Credential.OAuth2 oauth2) {
            return new AccessTokens(oauth2, assertions, requests, http, properties.tokenTimeout(), nanos);
        }
        if (secret instanceof Credential.Mtls mtls) {
            return new ClientCertificate(mtls, properties, http, work);
        }
        CompletableFuture<Proof> fixed = CompletableFuture.completedFuture(fixed(secret));
        return () -> fixed;
    }

    private Proof fixed(Credential secret) {
        if (secret instanceof Credential.Basic basic) {
            byte[] pair = (basic.username() + ":" + basic.password()).getBytes(StandardCharsets.UTF_8);
            return Proof.ofHeader(
                    "Authorization", "Basic " + Base64.getEncoder().encodeToString(pair), http);
        }
        if (secret instanceof Credential.ApiKey apiKey) {
            if (apiKey.header() != null) {
                return Proof.ofHeader(apiKey.header(), apiKey.apiKey(), http);
            }
            // a plus sign means a blank in forms alone; %20 means one everywhere
            String encoded =
                    URLEncoder.encode(apiKey.apiKey(), StandardCharsets.UTF_8).replace("+", "%20");
            return Proof.ofQuery(apiKey.query() + "=" + encoded, http);
        }
        throw new IllegalStateException("no fixed proof: " + secret.type());
    }

    @Override
    public void close() {
        for (Standing standing : standings.values()) {
            close(standing.current);
            close(standing.previous);
        }
    }

    private static void close(@Nullable ProofSource source) {
        if (source instanceof ClientCertificate certificate) {
            certificate.close();
        }
    }
}
