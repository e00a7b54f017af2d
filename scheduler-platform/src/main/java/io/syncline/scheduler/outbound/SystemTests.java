package io.syncline.scheduler.outbound;

import io.syncline.scheduler.catalog.Auth;
import io.syncline.scheduler.catalog.AuthType;
import io.syncline.scheduler.catalog.SyncSystem;
import io.syncline.scheduler.security.PlatformTokens;
import io.syncline.scheduler.security.ProblemException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Test calls to a system: each instance with each way to authenticate, step by step, past the guard that all calls pass. All
 * of it ends within 15 s; a node makes one test of a system at a time and four in all.
 */
public final class SystemTests implements AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(15);
    private static final int MOST_AT_ONCE = 4;
    private static final int MOST_TARGETS = 40;

    private final DestinationGuard guard;
    private final HttpCalls http;
    private final PlatformTokens tokens;
    private final Proofs proofs;
    private final ExecutorService workers;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();
    private final Semaphore free = new Semaphore(MOST_AT_ONCE);

    SystemTests(DestinationGuard guard, HttpCalls http, PlatformTokens tokens, Proofs proofs, ExecutorService workers) {
        this.guard = guard;
        this.http = http;
        this.tokens = tokens;
        this.proofs = proofs;
        this.workers = workers;
    }

    /**
     * Blocks until the test has ended.
     *
     * @param credential of the system, the only one to be tested; null: the default authentication and all credentials
     * @throws ProblemException 422 for an unknown credential, 429 while a test of the system is under way
     */
    public SystemTest run(SyncSystem system, @Nullable String credential) {
        if (credential != null && !system.credentials().containsKey(credential)) {
            throw ProblemException.of(422, "invalid-body", "The body is not valid")
                    .detail("Correct what the errors name and send the call again.")
                    .error(
                            "/credential",
                            "the system '" + system.key() + "' has no credential of this name",
                            "unknown-credential");
        }
        if (!free.tryAcquire()) {
            throw busy("The node tests as many systems as it does at once; send the call again in a while.");
        }
        try {
            if (!underWay.add(system.key())) {
                throw busy("A test of the system '" + system.key() + "' is under way; wait for its end.");
            }
            try {
                return test(system, credential);
            } finally {
                underWay.remove(system.key());
            }
        } finally {
            free.release();
        }
    }

    private static ProblemException busy(String detail) {
        return ProblemException.of(429, "too-many-tests", "Too many tests at once")
                .detail(detail)
                .header("Retry-After", Long.toString(LIMIT.toSeconds()));
    }

    private SystemTest test(SyncSystem system, @Nullable String credential) {
        long startedAt = System.nanoTime();
        long endsAt = startedAt + LIMIT.toNanos();
        List<TargetTest> targets = new ArrayList<>();
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (URI instance : system.instances()) {
            for (Auth auth : auths(system, credential)) {
                if (targets.size() < MOST_TARGETS) {
                    var target = new TargetTest(guard, http, tokens, proofs, system.key(), instance, auth, endsAt);
                    targets.add(target);
                    ends.add(CompletableFuture.runAsync(target, workers));
                }
            }
        }
        for (CompletableFuture<Void> end : ends) {
            awaitEnd(end, endsAt);
        }
        List<SystemTest.Target> results =
                targets.stream().map(TargetTest::result).toList();
        return new SystemTest(
                system.key(),
                overall(results.stream().map(SystemTest.Target::status).toList()),
                Duration.ofNanos(System.nanoTime() - startedAt).toMillis(),
                results);
    }

    private static void awaitEnd(CompletableFuture<Void> end, long endsAt) {
        try {
            end.get(Math.max(1, endsAt - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // the target tells which of its steps did not end
            end.cancel(false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Set<Auth> auths(SyncSystem system, @Nullable String credential) {
        Set<Auth> auths = new LinkedHashSet<>();
        if (credential == null) {
            auths.add(system.auth());
        }
        system.credentials().keySet().stream()
                .sorted()
                .filter(name -> credential == null || credential.equals(name))
                .forEach(name -> {
                    AuthType type = system.credentials().get(name);
                    if (type != null) {
                        auths.add(new Auth(type, name));
                    }
                });
        return auths;
    }

    static SystemTest.Status overall(List<SystemTest.Status> parts) {
        if (parts.contains(SystemTest.Status.FAILED)) {
            return SystemTest.Status.FAILED;
        }
        return parts.contains(SystemTest.Status.OK) ? SystemTest.Status.OK : SystemTest.Status.SKIPPED;
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
