package io.syncline.scheduler.outbound;

import io.syncline.scheduler.catalog.Auth;
import io.syncline.scheduler.catalog.AuthType;
import io.syncline.scheduler.catalog.Credential;
import io.syncline.scheduler.catalog.KeptCredential;
import io.syncline.scheduler.outbound.SystemTest.Status;
import io.syncline.scheduler.outbound.SystemTest.Step;
import io.syncline.scheduler.security.PlatformTokens;
import io.syncline.scheduler.security.TokenShape;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;

/** One instance, tested step by step with one way to authenticate. A step that fails ends it; the rest is skipped. */
final class TargetTest implements Runnable {

    private static final List<String> STEPS = List.of("destination", "dns", "tcp", "tls", "token", "ping", "clockSkew");
    private static final Duration STEP_LIMIT = Duration.ofSeconds(5);
    private static final Duration MOST_SKEW = Duration.ofSeconds(30);

    private final DestinationGuard guard;
    private final HttpCalls http;
    private final PlatformTokens tokens;
    private final Proofs proofs;
    private final String system;
    private final URI instance;
    private final Auth auth;
    private final long endsAtNanos;
    private final List<Step> steps = new ArrayList<>();

    /** What the step under way has found out. */
    private String detail = "";

    private boolean skipped;

    /** Ends the test; its message is fit for an operator. */
    private static final class StepFailedException extends Exception {
        private static final long serialVersionUID = 1L;

        StepFailedException(String message) {
            super(message, null, false, false);
        }
    }

    @FunctionalInterface
    private interface Work<T> {
        T run() throws StepFailedException;
    }

    TargetTest(
            DestinationGuard guard,
            HttpCalls http,
            PlatformTokens tokens,
            Proofs proofs,
            String system,
            URI instance,
            Auth auth,
            long endsAtNanos) {
        this.guard = guard;
        this.http = http;
        this.tokens = tokens;
        this.proofs = proofs;
        this.system = system;
        this.instance = instance;
        this.auth = auth;
        this.endsAtNanos = endsAtNanos;
    }

    /** What is known now; steps that have not ended are told as such. */
    SystemTest.Target result() {
        List<Step> all;
        synchronized (steps) {
            all = new ArrayList<>(steps);
        }
        boolean failed = all.stream().anyMatch(step -> step.status() == Status.FAILED);
        for (int i = all.size(); i < STEPS.size(); i++) {
            all.add(
                    failed
                            ? new Step(STEPS.get(i), Status.SKIPPED, 0, "an earlier step failed")
                            : new Step(
                                    STEPS.get(i),
                                    Status.FAILED,
                                    0,
                                    "did not end within the " + SystemTests.LIMIT.toSeconds() + " s of a test"));
            failed = true;
        }
        return new SystemTest.Target(
                instance.toString(),
                auth.type().wire(),
                auth.credential(),
                SystemTests.overall(all.stream().map(Step::status).toList()),
                all);
    }

    @Override
    public void run() {
        try {
            DestinationGuard.Origin origin = step(0, this::destination);
            InetAddress address = step(1, () -> look(origin));
            Socket socket = step(2, () -> connect(origin, address));
            try {
                if (origin.scheme().equals("https")) {
                    step(3, () -> handshake(origin, socket));
                } else {
                    note(3, Status.SKIPPED, 0, "the instance is called without TLS");
                }
            } finally {
                close(socket);
            }
            Proof proof = step(4, () -> proof(origin));
            Reply.Answer answer = step(5, () -> ping(origin, address, proof));
            step(6, () -> skew(answer));
        } catch (StepFailedException e) {
            // noted by the step
        }
    }

    private <T> T step(int place, Work<T> work) throws StepFailedException {
        long startedAt = System.nanoTime();
        skipped = false;
        try {
            if (left().isZero()) {
                throw new StepFailedException("there was no time left for it");
            }
            T result = work.run();
            note(place, skipped ? Status.SKIPPED : Status.OK, startedAt, detail);
            return result;
        } catch (StepFailedException e) {
            note(place, Status.FAILED, startedAt, String.valueOf(e.getMessage()));
            throw e;
        } catch (RuntimeException e) {
            note(place, Status.FAILED, startedAt, "the step could not be carried out");
            throw new StepFailedException("the step could not be carried out");
        }
    }

    private void note(int place, Status status, long startedAt, String text) {
        long took = startedAt == 0
                ? 0
                : Duration.ofNanos(System.nanoTime() - startedAt).toMillis();
        synchronized (steps) {
            steps.add(new Step(STEPS.get(place), status, took, text));
        }
    }

    private DestinationGuard.Origin destination() throws StepFailedException {
        DestinationGuard.Origin origin = DestinationGuard.origin(instance).orElse(null);
        if (origin == null || !guard.callable(origin)) {
            throw new StepFailedException("the destination " + (origin == null ? "of this instance" : origin)
                    + " is not approved; add it with PUT /api/v1/destinations");
        }
        detail = origin + " is approved";
        return origin;
    }

    private InetAddress look(DestinationGuard.Origin origin) throws StepFailedException {
        try {
            InetAddress address = guard.resolve(origin);
            detail = "leads to " + address.getHostAddress()
                    + switch (AddressClass.of(address)) {
                        case PUBLIC -> ", a public address";
                        case NAMED_ONLY -> ", a private address that an entry names";
                        case NEVER -> "";
                    };
            return address;
        } catch (RefusedDestinationException e) {
            throw new StepFailedException(e.getMessage()
                    + (e.isNotFound()
                            ? "; correct the instance's URL or the name server"
                            : "; approve the address itself if that is meant"));
        }
    }

    private Socket connect(DestinationGuard.Origin origin, InetAddress address) throws StepFailedException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(address, origin.port()), millis());
            socket.setSoTimeout(millis());
            detail = "port " + origin.port() + " answers";
            return socket;
        } catch (IOException e) {
            close(socket);
            throw new StepFailedException("no connection to " + origin + "; check that the instance runs, its port, "
                    + "and the firewalls between");
        }
    }

    private String handshake(DestinationGuard.Origin origin, Socket socket) throws StepFailedException {
        Credential.Mtls client = current() instanceof Credential.Mtls mtls ? mtls : null;
        // the socket's own limit is one read's: byte by byte a handshake would last for ever
        ScheduledFuture<?> tooLate = http.later(Duration.ofNanos(stepNanos()), () -> close(socket));
        try {
            detail = TlsLook.at(socket, origin, client, proofs.clock().now());
            return detail;
        } catch (TlsLook.NotTrustedException e) {
            throw new StepFailedException(String.valueOf(e.getMessage()));
        } catch (GeneralSecurityException | IOException e) {
            throw new StepFailedException("no TLS connection was agreed on; the instance must speak TLS 1.2 or 1.3"
                    + (client == null ? "" : " and take the client certificate"));
        } finally {
            tooLate.cancel(false);
        }
    }

    private @Nullable Credential current() {
        Proofs.Standing standing = auth.credential() == null ? null : proofs.standing(system, auth.credential());
        return standing == null ? null : standing.kept().current();
    }

    private Proof proof(DestinationGuard.Origin origin) throws StepFailedException {
        switch (auth.type()) {
            case NONE, OF_SYSTEM -> {
                skipped = true;
                detail = "calls go without authentication";
                return Proof.ofConnections(http);
            }
            case PLATFORM_JWT -> {
                TokenShape shape = auth.token();
                String token = shape == null ? tokens.forSystem(system) : tokens.forSystem(system, shape);
                detail = "the platform's own token was signed";
                return Proof.ofHeader("Authorization", "Bearer " + token, http);
            }
            case OAUTH2_CLIENT_CREDENTIALS, BASIC, API_KEY, MTLS -> {
                return proofOfCredential(origin);
            }
        }
        throw new IllegalStateException("no way to authenticate: " + auth.type());
    }

    private Proof proofOfCredential(DestinationGuard.Origin origin) throws StepFailedException {
        String name = String.valueOf(auth.credential());
        Proofs.Standing standing = proofs.standing(system, name);
        if (standing == null) {
            throw new StepFailedException("this node does not know the credential yet; test again in 2 s");
        }
        KeptCredential kept = standing.kept();
        List<ProofSource> order = standing.order(proofs.clock());
        if (order.isEmpty()) {
            throw new StepFailedException("the credential cannot be used: " + kept.trouble());
        }
        if (!kept.origins().contains(new Instance(instance).originText)) {
            throw new StepFailedException("the credential was not sent for this instance; send its secret again");
        }
        if (kept.type() == AuthType.MTLS && !origin.scheme().equals("https")) {
            throw new StepFailedException("a client certificate needs an instance with https");
        }
        Instant expiresAt = kept.expiresAt();
        if (expiresAt != null && !proofs.clock().now().isBefore(expiresAt)) {
            throw new StepFailedException("the client certificate has expired at " + expiresAt + "; rotate it");
        }
        ProofSource source = order.get(0);
        try {
            Proof proof = source.proof().get(stepNanos(), TimeUnit.NANOSECONDS);
            if (source instanceof AccessTokens accessTokens) {
                detail = "the token endpoint gave a token, used for "
                        + accessTokens.usableFor().toSeconds() + " s more";
            } else {
                skipped = true;
                detail = "the secret is there" + (expiresAt == null ? "" : ", the certificate ends at " + expiresAt);
            }
            return proof;
        } catch (ExecutionException e) {
            throw new StepFailedException(
                    e.getCause() instanceof NoProofException none
                            ? String.valueOf(none.getMessage())
                            : "there is nothing to authenticate with");
        } catch (TimeoutException e) {
            throw new StepFailedException("the token endpoint did not answer in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StepFailedException("the test was ended");
        }
    }

    private Reply.Answer ping(DestinationGuard.Origin origin, InetAddress address, Proof proof)
            throws StepFailedException {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        String path = instance.getRawPath() == null || instance.getRawPath().isEmpty() ? "/" : instance.getRawPath();
        proof.connections()
                .send(
                        new HttpExchange.Request(
                                "GET",
                                new HttpHost(origin.scheme(), address, origin.host(), origin.port()),
                                proof.on(path),
                                proof.headers(),
                                null,
                                new byte[0],
                                Duration.ofNanos(stepNanos()),
                                1_048_576),
                        new GuardedRequests.End(origin.toString(), System.nanoTime(), reply));
        Reply got = await(reply);
        if (!(got instanceof Reply.Answer answer)) {
            throw new StepFailedException(((Reply.NoAnswer) got).cause());
        }
        if (answer.status() == 401 || answer.status() == 403) {
            proof.refused().run();
            throw new StepFailedException("the instance refused the credential with " + answer.status()
                    + "; check the secret and what it may do there, and rotate it if needed");
        }
        if (answer.status() >= 500) {
            throw new StepFailedException(
                    "the instance answered " + answer.status() + "; look into its log, it is up but not well");
        }
        detail = "the instance answered " + answer.status();
        return answer;
    }

    private Reply await(CompletableFuture<Reply> reply) throws StepFailedException {
        try {
            return reply.get(stepNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new StepFailedException("the instance did not answer within " + STEP_LIMIT.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StepFailedException("the test was ended");
        }
    }

    private Duration skew(Reply.Answer answer) throws StepFailedException {
        String date = answer.headers().get("date");
        Instant theirs;
        try {
            theirs = date == null
                    ? null
                    : ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant();
        } catch (DateTimeException e) {
            theirs = null;
        }
        if (theirs == null) {
            skipped = true;
            detail = "the answer had no readable Date header";
            return Duration.ZERO;
        }
        Duration skew = Duration.between(proofs.clock().now(), theirs);
        if (skew.abs().compareTo(MOST_SKEW) > 0) {
            throw new StepFailedException("its clock is " + skew.abs().toSeconds() + " s "
                    + (skew.isNegative() ? "behind" : "ahead") + "; tokens may be refused, synchronise the clocks");
        }
        detail = "its clock is within " + MOST_SKEW.toSeconds() + " s of the platform's";
        return skew;
    }

    private Duration left() {
        return Duration.ofNanos(Math.max(0, endsAtNanos - System.nanoTime()));
    }

    private long stepNanos() {
        return Math.max(1_000_000, Math.min(STEP_LIMIT.toNanos(), left().toNanos()));
    }

    private int millis() {
        return (int) Math.max(1, stepNanos() / 1_000_000);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it was never open, or is closed already
        }
    }
}
