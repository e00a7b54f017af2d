package io.syncline.scheduler.security;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.stereotype.Component;

/** A key that serves two purposes is lost for both when one of them gives it away; such a platform does not start. */
@Component
final class OneKeyOnePurpose implements InitializingBean {

    private static final Pattern SECRET = Pattern.compile("(secret|password|passphrase|token|key|credentials?)$");
    private static final List<String> WRAPPING_KEY = List.of("synclinewrappingkey", "synclinewrappingkeyfile");
    private static final String BOOTSTRAP_SECRET = "synclinebootstrapclientsecret";

    private final ConfigurableEnvironment settings;
    private final BootstrapClientProperties bootstrap;
    private final KeyWrapper wrapper;

    OneKeyOnePurpose(ConfigurableEnvironment settings, BootstrapClientProperties bootstrap, KeyWrapper wrapper) {
        this.settings = settings;
        this.bootstrap = bootstrap;
        this.wrapper = wrapper;
    }

    @Override
    public void afterPropertiesSet() {
        var client = bootstrap.secret();
        secrets((name, secret) -> {
            var plain = plain(name);
            if (!WRAPPING_KEY.contains(plain) && isWrappingKey(secret)) {
                throw refused("A wrapping key is the value of " + name + " as well.", name);
            }
            // The secret of a client stands in the settings of its own service, too, when they share an environment.
            if (plain.startsWith("spring") && secret.equals(client)) {
                throw refused(
                        "SYNCLINE_BOOTSTRAP_CLIENT_SECRET is the value of " + name + " as well.",
                        "SYNCLINE_BOOTSTRAP_CLIENT_SECRET");
            }
        });
    }

    private boolean isWrappingKey(String secret) {
        return wrapper instanceof LocalKeyWrapper local && local.isOneOf(secret);
    }

    private void secrets(BiConsumer<String, String> each) {
        for (var source : settings.getPropertySources()) {
            if (source instanceof EnumerablePropertySource<?> enumerable) {
                for (var name : enumerable.getPropertyNames()) {
                    var secret = SECRET.matcher(plain(name)).find() ? value(name) : null;
                    if (secret != null && !secret.isBlank()) {
                        each.accept(name, secret);
                    }
                }
            }
        }
    }

    private @Nullable String value(String name) {
        try {
            return settings.getProperty(name);
        } catch (IllegalArgumentException e) {
            // It points to a setting that there is not; whoever needs it says so.
            return null;
        }
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    /** @throws RefusedStartException when two of these have the same material */
    static void require(List<PlatformKey> keys) {
        var seen = new HashMap<String, PlatformKey>();
        for (var key : keys) {
            var other = seen.putIfAbsent(key.privateKey(), key);
            if (other != null) {
                throw new RefusedStartException(
                        "The keys " + other.kid() + " (" + other.purpose() + ") and " + key.kid() + " (" + key.purpose()
                                + ") of the table signing_key are one key used for two purposes.",
                        "Delete both rows; the next start makes a key for each purpose. Tokens made by them end with that:"
                                + " clients fetch new ones, downstreams get new callback tokens with the next call.");
            }
        }
    }

    private static RefusedStartException refused(String what, String setting) {
        return new RefusedStartException(
                what + " A key has one purpose.",
                "Give " + setting + " another value, made by a generator such as: openssl rand -base64 32");
    }
}
