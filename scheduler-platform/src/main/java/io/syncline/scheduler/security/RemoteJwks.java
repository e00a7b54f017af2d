package io.syncline.scheduler.security;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Public keys that others publish, as this node knows them. Up to 5 min they stand as they are; up to 15 min they are served
 * and read again beside the requests; beyond, a request waits for them, and takes the known ones (up to 24 h old) when their
 * publisher does not answer. A key id that is not among them makes us ask at most once a minute.
 *
 * <p>However many requests wait, one fetch is under way per address, a request waits 5 s at most, and beyond 50 that wait the
 * next is refused with 503 at once.
 */
@Component
class RemoteJwks implements DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteJwks.class);

    private static final Duration FRESH = Duration.ofMinutes(5);
    private static final Duration SERVED = Duration.ofMinutes(15);
    private static final Duration KEPT = Duration.ofHours(24);
    private static final Duration BETWEEN_TRIES = Duration.ofMinutes(1);
    /** Where there is nothing to serve instead. */
    private static final Duration BETWEEN_FIRST_TRIES = Duration.ofSeconds(10);

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
    private static final int MOST_WAITING = 50;
    private static final int MOST_ADDRESSES = 1000;
    private static final int LONGEST_ADDRESS = 1000;
    private static final int THREADS = 4;

    private final ObjectProvider<RemoteKeys> remote;
    private final LongSupplier nanos;
    private final ThreadPoolExecutor fetchers = fetchers();
    private final Semaphore waiting = new Semaphore(MOST_WAITING);
    private final Map<URI, Source> sources = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<URI, Source> eldest) {
            return size() > MOST_ADDRESSES;
        }
    };

    @Autowired
    RemoteJwks(ObjectProvider<RemoteKeys> remote) {
        this(remote, System::nanoTime);
    }

    RemoteJwks(ObjectProvider<RemoteKeys> remote, LongSupplier nanos) {
        this.remote = remote;
        this.nanos = nanos;
    }

    private static ThreadPoolExecutor fetchers() {
        var threads = Executors.defaultThreadFactory();
        var pool = new ThreadPoolExecutor(
                THREADS, THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_ADDRESSES), task -> {
                    var thread = threads.newThread(task);
                    thread.setName("remote-keys");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    @Override
    public void destroy() {
        fetchers.shutdownNow();
    }

    /** An address as operators write it; null, and an error at the pointer, when it is none. */
    static @Nullable URI address(String text, String pointer, ProblemException problem) {
        try {
            var address = new URI(text);
            var scheme = address.getScheme();
            if (("https".equals(scheme) || "http".equals(scheme))
                    && address.getHost() != null
                    && address.getUserInfo() == null
                    && address.getFragment() == null
                    && text.length() <= LONGEST_ADDRESS) {
                return address;
            }
        } catch (URISyntaxException e) {
            // falls through to the refusal
        }
        problem.error(pointer, "is no https address, or longer than " + LONGEST_ADDRESS, "format");
        return null;
    }

    /** Fetches once, now, for an operator who is about to rely on it; what is wrong goes to the problem. */
    void require(URI address, String pointer, ProblemException problem) {
        try {
            var source = source(address);
            source.learn(fetch(address));
        } catch (IOException e) {
            problem.error(pointer, "cannot be fetched: " + e.getMessage(), "unreachable");
        } catch (JwkSet.BadSetException e) {
            problem.error(pointer, "is no key set that can be used: " + e.getMessage(), "keys");
        }
    }

    /**
     * The key of this id at this address; empty when it is not there.
     *
     * @throws ProblemException 503 when nothing is known of the address and it does not answer
     */
    Optional<VerificationKey> find(URI address, String kid) {
        return source(address).find(kid);
    }

    /** Addresses whose keys could not be read when that was last tried. */
    List<URI> silent() {
        synchronized (sources) {
            return sources.values().stream()
                    .filter(Source::isSilent)
                    .map(source -> source.address)
                    .toList();
        }
    }

    private Source source(URI address) {
        synchronized (sources) {
            return sources.computeIfAbsent(address, Source::new);
        }
    }

    private JwkSet fetch(URI address) throws IOException, JwkSet.BadSetException {
        var keys = remote.getIfAvailable();
        if (keys == null) {
            throw new IOException("this platform fetches no keys");
        }
        try {
            return JwkSet.published(keys.fetch(address));
        } catch (CompletionException e) {
            throw new IOException("it does not answer", e);
        }
    }

    /** What is known of one address. */
    private final class Source {

        private final URI address;
        private @Nullable JwkSet known;
        private long readAt;
        private long triedAt;
        private boolean tried;
        private @Nullable CompletableFuture<@Nullable Void> underWay;

        Source(URI address) {
            this.address = address;
        }

        Optional<VerificationKey> find(String kid) {
            var set = standing();
            if (set != null) {
                var key = set.find(kid);
                if (key.isPresent() && age() < SERVED.toNanos()) {
                    if (age() >= FRESH.toNanos()) {
                        read();
                    }
                    return key;
                }
            }
            var reading = read();
            if (reading != null) {
                await(reading, set != null);
                set = standing();
            }
            if (set == null) {
                throw unavailable();
            }
            return set.find(kid);
        }

        private synchronized @Nullable JwkSet standing() {
            return known != null && age() < KEPT.toNanos() ? known : null;
        }

        private synchronized long age() {
            return nanos.getAsLong() - readAt;
        }

        synchronized boolean isSilent() {
            return tried && underWay == null && (known == null || readAt - triedAt < 0);
        }

        synchronized void learn(JwkSet set) {
            known = set;
            readAt = nanos.getAsLong();
            triedAt = readAt;
            tried = true;
        }

        /** Begins to read, or joins the read under way; null when it is too early to ask again. */
        private synchronized @Nullable CompletableFuture<@Nullable Void> read() {
            if (underWay != null) {
                return underWay;
            }
            var pause = standing() == null ? BETWEEN_FIRST_TRIES : BETWEEN_TRIES;
            var now = nanos.getAsLong();
            if (tried && now - triedAt < pause.toNanos()) {
                return null;
            }
            tried = true;
            triedAt = now;
            var reading = new CompletableFuture<@Nullable Void>();
            underWay = reading;
            try {
                ((Executor) fetchers).execute(() -> readNow(reading));
            } catch (RejectedExecutionException e) {
                underWay = null;
                return null;
            }
            return reading;
        }

        private void readNow(CompletableFuture<@Nullable Void> reading) {
            try {
                learn(fetch(address));
            } catch (IOException | JwkSet.BadSetException | RuntimeException e) {
                LOG.warn("keys at {} could not be read: {}", address, e.getMessage());
            } finally {
                synchronized (this) {
                    underWay = null;
                }
                reading.complete(null);
            }
        }

        private void await(CompletableFuture<@Nullable Void> reading, boolean somethingKnown) {
            if (!waiting.tryAcquire()) {
                if (somethingKnown) {
                    return;
                }
                throw unavailable();
            }
            try {
                reading.get(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException e) {
                LOG.debug("keys at {} did not come in time", address);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                waiting.release();
            }
        }

        private ProblemException unavailable() {
            return ProblemException.of(503, "issuer-unavailable", "The issuer's keys cannot be had")
                    .detail("The keys by which this is checked do not come; nothing was decided, send it again.")
                    .header("Retry-After", "10");
        }
    }
}
