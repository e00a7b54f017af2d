package io.syncline.scheduler.outbound;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.syncline.scheduler.catalog.Auth;
import io.syncline.scheduler.catalog.AuthType;
import io.syncline.scheduler.catalog.KeptCredential;
import io.syncline.scheduler.catalog.SyncSystem;
import io.syncline.scheduler.catalog.Systems;
import io.syncline.scheduler.security.PlatformTokens;
import io.syncline.scheduler.security.TokenShape;
import io.syncline.scheduler.store.Nodes;
import io.syncline.scheduler.store.ShareGate;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls over HTTP: slot, instance, guard, credential, request, reply; then what the reply says about the instance. */
final class HttpDownstreams implements Downstreams, ShareGate, InstanceStates {

    private static final Logger LOG = LoggerFactory.getLogger(HttpDownstreams.class);
    private static final int SERVER_ERROR = 500;
    private static final int UNAUTHORIZED = 401;
    private static final Duration SHORTEST = Duration.ofMillis(100);

    /** For so long a reply waits until its refused token is forgotten. */
    private static final Duration FORGOTTEN_WITHIN = Duration.ofSeconds(1);

    private static final int MOST_REFUSALS = 1_000;

    private static final Duration[] LATENCIES = Stream.of(50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    /** Written by the client itself. */
    private static final Set<String> OWN_HEADERS =
            Set.of("host", "content-length", "content-type", "transfer-encoding", "connection", "authorization");

    private final Systems systems;
    private final Nodes nodes;
    private final PlatformTokens tokens;
    private final Proofs proofs;
    private final DestinationGuard guard;
    private final HttpCalls http;
    private final OutboundProperties properties;
    private final MeterRegistry meters;
    private final Executor lookUps;
    private final LongSupplier nanos;
    private final Map<String, SystemGate> gates = new ConcurrentHashMap<>();
    private final AtomicInteger reservedOnNode = new AtomicInteger();
    private final Map<String, Timer> timers = new ConcurrentHashMap<>();
    private final Proof nothing;

    /** To forget a token may mean to read keys from the database, for which no I/O thread waits. */
    private final Executor refusals;

    HttpDownstreams(
            Systems systems,
            Nodes nodes,
            PlatformTokens tokens,
            Proofs proofs,
            DestinationGuard guard,
            HttpCalls http,
            OutboundProperties properties,
            MeterRegistry meters,
            Executor lookUps,
            LongSupplier nanos) {
        this.systems = systems;
        this.nodes = nodes;
        this.tokens = tokens;
        this.proofs = proofs;
        this.guard = guard;
        this.http = http;
        this.properties = properties;
        this.meters = meters;
        this.lookUps = lookUps;
        this.nanos = nanos;
        this.nothing = Proof.ofConnections(http);
        this.refusals = refusals();
        Gauge.builder("syncline.downstream.calls.reserved", reservedOnNode, AtomicInteger::get)
                .description("Calls of this node in flight or about to start")
                .register(meters);
    }

    /** Systems to which nothing but trial calls gets through from this node. */
    List<String> shutOff() {
        return gates.entrySet().stream()
                .filter(entry -> entry.getValue().isShutOff())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    @Override
    public Map<String, State> of(String system) {
        SystemGate gate = gates.get(system);
        return gate == null ? Map.of() : gate.states(nanos.getAsLong());
    }

    @Override
    public int reserve(String system, int wanted) {
        SystemGate gate = gate(system);
        if (gate == null || wanted <= 0) {
            return 0;
        }
        int onNode = takeOnNode(wanted);
        int slots = onNode == 0 ? 0 : gate.reserve(onNode, nanos.getAsLong());
        reservedOnNode.addAndGet(slots - onNode);
        return slots;
    }

    @Override
    public void release(String system, int unused) {
        SystemGate gate = gates.get(system);
        if (gate != null && unused > 0) {
            reservedOnNode.addAndGet(-gate.giveBack(unused));
        }
    }

    @Override
    public boolean hasFreeSlot(String system) {
        SystemGate gate = gates.get(system);
        return gate != null && reservedOnNode.get() < properties.maxInFlight() && gate.hasFree(nanos.getAsLong());
    }

    @Override
    public Set<String> withFreeSlots() {
        return systems.all().stream()
                .map(SyncSystem::key)
                .filter(key -> gate(key) != null && hasFreeSlot(key))
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public void refreshCredential(String system, Auth auth) {
        // what was refused is forgotten where the refusal arrives, before anybody hears of it
        LOG.info("System {} has refused the credential of type {}", system, auth.type());
    }

    @Override
    public boolean fits() {
        return gates.values().stream().allMatch(SystemGate::fits);
    }

    @Override
    public CompletableFuture<Reply> call(OutboundCall call) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        SystemGate gate = gates.get(call.system());
        SyncSystem system = gate == null ? null : gate.system();
        long startedAt = nanos.getAsLong();
        if (gate == null || system == null) {
            reply.complete(new Reply.NoAnswer("there is no system '" + call.system() + "'", null, Duration.ZERO));
            return reply;
        }
        Ongoing ongoing = new Ongoing(gate, call, startedAt, reply);
        try {
            ongoing.start(system);
        } catch (RuntimeException e) {
            LOG.error("The call to system {} could not be started", call.system(), e);
            ongoing.endWithoutCall("the call could not be started");
        }
        return reply;
    }

    private static Executor refusals() {
        ThreadPoolExecutor one =
                new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_REFUSALS), task -> {
                    Thread thread = new Thread(task, "outbound-refused");
                    thread.setDaemon(true);
                    return thread;
                });
        one.allowCoreThreadTimeOut(true);
        return one;
    }

    private String token(String system, @Nullable TokenShape shape) {
        return shape == null ? tokens.forSystem(system) : tokens.forSystem(system, shape);
    }

    private @Nullable SystemGate gate(String key) {
        SyncSystem system = systems.find(key).orElse(null);
        if (system == null) {
            return null;
        }
        SystemGate gate = gates.computeIfAbsent(key, k -> new SystemGate(nodes::share, nanos.getAsLong()));
        gate.configure(system);
        return gate;
    }

    private int takeOnNode(int wanted) {
        while (true) {
            int now = reservedOnNode.get();
            int slots = Math.min(wanted, properties.maxInFlight() - now);
            if (slots <= 0) {
                return 0;
            }
            if (reservedOnNode.compareAndSet(now, now + slots)) {
                return slots;
            }
        }
    }

    private boolean approved(Instance instance) {
        return instance.origin != null && guard.callable(instance.origin);
    }

    /** One call under way. */
    private final class Ongoing implements HttpExchange.End {

        private final SystemGate gate;
        private final OutboundCall call;
        private final long startedAt;
        private final CompletableFuture<Reply> reply;
        private final AtomicBoolean done = new AtomicBoolean();
        private volatile @Nullable Instance instance;
        private volatile Proofs.@Nullable Standing standing;
        private volatile List<ProofSource> sources = List.of();
        private volatile int turn;
        private volatile @Nullable Proof used;
        private volatile @Nullable Presented presented;
        private volatile @Nullable Sent sent;

        /** A token of the platform. */
        private record Presented(String system, @Nullable TokenShape shape, String token) {}

        Ongoing(SystemGate gate, OutboundCall call, long startedAt, CompletableFuture<Reply> reply) {
            this.gate = gate;
            this.call = call;
            this.startedAt = startedAt;
            this.reply = reply;
        }

        void start(SyncSystem system) {
            Instance chosen = gate.choose(HttpDownstreams.this::approved, startedAt);
            if (chosen == null) {
                endWithoutCall(
                        system.instances().isEmpty()
                                ? "the system '" + system.key() + "' has no instances"
                                : "the destination " + system.instances().get(0) + " is not approved");
                return;
            }
            instance = chosen;
            DestinationGuard.Origin origin = chosen.origin;
            if (origin == null) {
                throw new IllegalStateException("an instance without origin was chosen: " + chosen.url);
            }
            Auth auth = call.auth().type() == AuthType.OF_SYSTEM ? system.auth() : call.auth();
            switch (auth.type()) {
                case NONE -> locate(origin, chosen, nothing);
                case PLATFORM_JWT -> {
                    Proof token = platformToken(system, auth);
                    if (token != null) {
                        locate(origin, chosen, token);
                    }
                }
                case BASIC, API_KEY, OAUTH2_CLIENT_CREDENTIALS, MTLS -> prove(system, auth, origin, chosen);
                case OF_SYSTEM -> throw new IllegalStateException("a system's own authentication is of no other's");
            }
        }

        private @Nullable Proof platformToken(SyncSystem system, Auth auth) {
            try {
                String token = token(system.key(), auth.token());
                presented = new Presented(system.key(), auth.token(), token);
                return Proof.ofHeader("Authorization", "Bearer " + token, http);
            } catch (RuntimeException e) {
                LOG.error("No token could be made for system {}", system.key(), e);
                endWithoutCall("no platform token could be made");
                return null;
            }
        }

        private void prove(SyncSystem system, Auth auth, DestinationGuard.Origin origin, Instance chosen) {
            String name = String.valueOf(auth.credential());
            Proofs.Standing found = proofs.standing(system.key(), name);
            String trouble = found == null
                    ? "the system '" + system.key() + "' has no credential '" + name + "'"
                    : trouble(found.kept(), auth, system, chosen);
            if (found == null || trouble != null) {
                endWithoutCall(String.valueOf(trouble));
                return;
            }
            standing = found;
            sources = found.order(proofs.clock());
            proveNext(origin, chosen);
        }

        private @Nullable String trouble(KeptCredential kept, Auth auth, SyncSystem system, Instance chosen) {
            String which = "the credential '" + kept.name() + "' of system '" + system.key() + "'";
            if (kept.type() != auth.type()) {
                return which + " is of type " + kept.type().wire() + ", not "
                        + auth.type().wire();
            }
            if (kept.current() == null) {
                return which + " cannot be used: " + kept.trouble();
            }
            if (!kept.origins().contains(chosen.originText)) {
                return which + " was not sent for " + chosen.originText + "; send its secret again";
            }
            if (kept.type() == AuthType.MTLS && !chosen.originText.startsWith("https:")) {
                return which + " is a client certificate, which " + chosen.originText + " cannot be shown without TLS";
            }
            return null;
        }

        /** Presents the next of the secrets that may be presented now. */
        private void proveNext(DestinationGuard.Origin origin, Instance chosen) {
            ProofSource source = sources.get(turn++);
            CompletableFuture<Proof> proof = source.proof();
            if (proof.isDone()) {
                proven(proof, origin, chosen);
                return;
            }
            Duration limit = left();
            ScheduledFuture<?> tooLate = http.later(
                    limit, () -> endWithoutCall("there was nothing to authenticate with within " + call.callTimeout()));
            proof.whenComplete((made, failure) -> {
                if (tooLate.cancel(false)) {
                    proven(proof, origin, chosen);
                }
            });
        }

        private void proven(CompletableFuture<Proof> proof, DestinationGuard.Origin origin, Instance chosen) {
            try {
                locate(origin, chosen, proof.join());
            } catch (CompletionException e) {
                boolean refused = e.getCause() instanceof NoProofException none && none.isRefused();
                if (refused && mayTurn()) {
                    proveNext(origin, chosen);
                } else {
                    endWithoutCall(
                            e.getCause() instanceof NoProofException none
                                    ? String.valueOf(none.getMessage())
                                    : "there is nothing to authenticate with");
                }
            } catch (RuntimeException e) {
                LOG.error("The call to {} could not be started", origin, e);
                endWithoutCall("the call could not be started");
            }
        }

        /** Whether there is another secret to present, and time for it. */
        private boolean mayTurn() {
            return turn < sources.size() && call.callTimeout().compareTo(took()) > 0 && !done.get();
        }

        /** Of the call's time, never nothing. */
        private Duration left() {
            Duration left = call.callTimeout().minus(took());
            return left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
        }

        private void locate(DestinationGuard.Origin origin, Instance chosen, Proof proof) {
            used = proof;
            Instance.Target target = chosen.target;
            if (target != null
                    && startedAt - target.resolvedAtNanos()
                            < properties.resolveAgainAfter().toNanos()
                    && guard.mayReach(origin, target.host().getAddress())) {
                send(target.host(), chosen, proof);
            } else if (DestinationGuard.isLiteral(origin)) {
                resolveAndSend(origin, chosen, proof, () -> true);
            } else {
                Duration limit = http.connectTimeout();
                ScheduledFuture<?> tooLate = http.later(
                        limit,
                        () -> finish(
                                SystemGate.Sign.UNREACHABLE,
                                noAnswer("the host of " + origin + " was not found within " + limit),
                                "none"));
                lookUps.execute(() -> resolveAndSend(origin, chosen, proof, () -> tooLate.cancel(false)));
            }
        }

        private void resolveAndSend(
                DestinationGuard.Origin origin, Instance chosen, Proof proof, BooleanSupplier inTime) {
            try {
                InetAddress address = guard.resolve(origin);
                HttpHost host = new HttpHost(origin.scheme(), address, origin.host(), origin.port());
                chosen.target = new Instance.Target(host, nanos.getAsLong());
                if (inTime.getAsBoolean()) {
                    send(host, chosen, proof);
                }
            } catch (RefusedDestinationException e) {
                SystemGate.Sign sign = e.isNotFound() ? SystemGate.Sign.UNREACHABLE : SystemGate.Sign.NOTHING;
                finish(sign, noAnswer(String.valueOf(e.getMessage())), "none");
            } catch (RuntimeException e) {
                LOG.error("The call to {} could not be started", origin, e);
                finish(SystemGate.Sign.NOTHING, noAnswer("the call could not be started"), "none");
            }
        }

        private void send(HttpHost host, Instance chosen, Proof proof) {
            Map<String, String> headers = new LinkedHashMap<>();
            call.headers().forEach((name, value) -> {
                if (!OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                    headers.put(name, value);
                }
            });
            headers.putAll(proof.headers());
            String basePath = chosen.url.getRawPath() == null ? "" : chosen.url.getRawPath();
            Duration limit = turn > 1 ? left() : call.callTimeout();
            HttpExchange.Request request = new HttpExchange.Request(
                    call.method(),
                    host,
                    proof.on(basePath + call.path()),
                    headers,
                    call.method().equals("GET") ? null : HttpExchange.JSON,
                    call.body(),
                    limit,
                    properties.maxAnswerBytes());
            sent = new Sent(request, proof);
            proof.connections().send(request, this);
        }

        /** Another secret at the same instance, at once; false when there is none left to try. */
        private boolean tookAnother() {
            Instance called = instance;
            if (called == null || called.origin == null || !mayTurn()) {
                return false;
            }
            proveNext(called.origin, called);
            return true;
        }

        @Override
        public void answered(int status, Map<String, String> headers, byte[] body) {
            Instance called = instance;
            Proofs.Standing shown = standing;
            if (status == UNAUTHORIZED) {
                Proof refused = used;
                if (refused != null) {
                    refused.refused().run();
                }
                if (tookAnother()) {
                    return;
                }
            } else if (shown != null) {
                shown.taken(sources.get(turn - 1));
            }
            String url = called == null ? "" : called.url.toString();
            Reply result = new Reply.Answer(status, headers, body, url, took(), sent);
            Runnable end = () -> finish(
                    status >= SERVER_ERROR ? SystemGate.Sign.FAILS : SystemGate.Sign.WORKS,
                    result,
                    status / 100 + "xx");
            Presented refused = presented;
            if (status == UNAUTHORIZED && refused != null) {
                forget(refused, end);
            } else {
                end.run();
            }
        }

        /** Of many calls that were refused with one token only the first one makes it be forgotten. */
        private void forget(Presented refused, Runnable end) {
            ScheduledFuture<?> tooLate = http.later(FORGOTTEN_WITHIN, end);
            Runnable forgetting = () -> {
                try {
                    if (token(refused.system(), refused.shape()).equals(refused.token())) {
                        tokens.forget(refused.system());
                    }
                } catch (RuntimeException e) {
                    LOG.warn("The token that system {} refused could not be replaced", refused.system(), e);
                } finally {
                    tooLate.cancel(false);
                    end.run();
                }
            };
            try {
                refusals.execute(forgetting);
            } catch (RejectedExecutionException e) {
                tooLate.cancel(false);
                end.run();
            }
        }

        @Override
        public void failed(HttpExchange.Failure failure, String cause) {
            // a client certificate is refused by an alert, not by an answer
            if (failure == HttpExchange.Failure.TLS && standing != null && tookAnother()) {
                return;
            }
            SystemGate.Sign sign = switch (failure) {
                case UNREACHABLE, TLS -> SystemGate.Sign.UNREACHABLE;
                case BROKEN_ANSWER -> SystemGate.Sign.FAILS;
            };
            finish(sign, noAnswer(cause), "none");
        }

        void endWithoutCall(String cause) {
            finish(SystemGate.Sign.NOTHING, noAnswer(cause), "none");
        }

        private Reply.NoAnswer noAnswer(String cause) {
            Instance called = instance;
            return new Reply.NoAnswer(cause, called == null ? null : called.url.toString(), took(), sent);
        }

        private Duration took() {
            return Duration.ofNanos(Math.max(0, nanos.getAsLong() - startedAt));
        }

        /** The slot is free before anybody hears of the reply. */
        private void finish(SystemGate.Sign sign, Reply result, String outcome) {
            if (!done.compareAndSet(false, true)) {
                return;
            }
            Instance called = instance;
            if (called != null) {
                gate.ended(called, sign, nanos.getAsLong());
            }
            if (gate.free()) {
                reservedOnNode.decrementAndGet();
            }
            timer(call.system(), outcome).record(result.took());
            reply.complete(result);
        }
    }

    private Timer timer(String system, String outcome) {
        return timers.computeIfAbsent(
                system + " " + outcome,
                key -> Timer.builder("syncline.downstream.request.duration")
                        .description("From the start of a call to its reply")
                        .tag("system", system)
                        .tag("outcome", outcome)
                        .serviceLevelObjectives(LATENCIES)
                        .register(meters));
    }
}
