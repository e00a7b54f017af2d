package io.syncline.scheduler.security;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.springframework.security.oauth2.jwt.Jwt;

/** A callback token is made for each call and checked for each callback, an access token once for many. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class TokensMicro {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final String TASK_RUN = "019aa000-0000-7000-8000-000000000001";

    private final MacCallbackTokens callbackTokens;
    private final TokenSigner signer;
    private final StrictJwtDecoder decoder;
    private final String callbackToken;
    private final String accessToken;

    public TokensMicro() {
        var keys = new PlatformKeys(new MemoryKeyRows(), MemoryKeyRows.properties(), () -> 0);
        keys.afterPropertiesSet();
        var platform = new PlatformProperties("https://sync.example.com");
        callbackTokens = new MacCallbackTokens(keys, () -> NOW);
        signer = new TokenSigner(keys, () -> NOW, platform);
        decoder = new StrictJwtDecoder(keys, () -> NOW, platform);
        callbackToken = issueCallbackToken();
        accessToken = signAccessToken();
    }

    @Benchmark
    public String issueCallbackToken() {
        return callbackTokens.issue(TASK_RUN, 1, NOW.plusSeconds(3600));
    }

    @Benchmark
    public Optional<CallbackGrant> verifyCallbackToken() {
        return callbackTokens.verify(callbackToken);
    }

    @Benchmark
    public String signAccessToken() {
        return signer.sign("billing", "syncline", "triggers:write", "billing", Duration.ofMinutes(10));
    }

    /** The same token again, as a client shows it. */
    @Benchmark
    public Jwt verifyAccessToken() {
        return decoder.decode(accessToken);
    }
}
