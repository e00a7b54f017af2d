package io.syncline.scheduler.security;

import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Gives an empty platform its first client: from the environment, or for a set-up code printed once at start-up. */
@Component
class FirstClient implements InitializingBean {

    private static final Logger LOG = LoggerFactory.getLogger(FirstClient.class);

    private static final int SHORTEST_SECRET = 24;
    private static final int FEWEST_DIFFERENT_CHARACTERS = 8;
    private static final List<String> KNOWN_SAMPLES = List.of(
            "changeme",
            "changeit",
            "example",
            "sample",
            "password",
            "placeholder",
            "yoursecret",
            "bootstrapsecret",
            "topsecret",
            "letmein",
            "0123456789",
            "abcdefgh");
    private static final String CODE_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789";
    private static final int CODE_GROUPS = 6;
    private static final int CODE_GROUP_LENGTH = 5;

    private final BootstrapClientProperties bootstrap;
    private final PlatformProperties platform;
    private final PortalProperties portal;
    private final JdbcClients clients;

    FirstClient(
            BootstrapClientProperties bootstrap,
            PlatformProperties platform,
            PortalProperties portal,
            JdbcClients clients) {
        this.bootstrap = bootstrap;
        this.platform = platform;
        this.portal = portal;
        this.clients = clients;
    }

    /** Runs at each start of each node; only an empty platform is changed. */
    @Override
    public void afterPropertiesSet() {
        makePortal();
        var id = bootstrap.id();
        var secret = bootstrap.secret();
        if (id == null && secret == null) {
            return;
        }
        if (id == null || secret == null) {
            throw new RefusedStartException(
                    "Only one of SYNCLINE_BOOTSTRAP_CLIENT_ID and SYNCLINE_BOOTSTRAP_CLIENT_SECRET is set.",
                    "Set both, or neither to be shown a set-up code.");
        }
        requireGoodSecret("SYNCLINE_BOOTSTRAP_CLIENT_SECRET", secret);
        if (id.equals(portal.clientId())) {
            throw new RefusedStartException(
                    "SYNCLINE_BOOTSTRAP_CLIENT_ID is the portal's client: " + id,
                    "Choose another key; the portal's client must not administer the platform.");
        }
        if (!Keys.isKey(id)) {
            throw new RefusedStartException(
                    "SYNCLINE_BOOTSTRAP_CLIENT_ID is no key: " + id,
                    "Use lower-case letters, digits and inner hyphens, at most 63.");
        }
        if (clients.isEmpty(portal.clientId())
                && clients.createFirst(id, Set.of(Scope.ADMIN), secret, portal.clientId())) {
            LOG.info("First client {} created from the environment, with scope admin", id);
        }
    }

    /** The portal's client of an empty platform, so that the first person can sign in with nothing else made. */
    private void makePortal() {
        var secret = portal.clientSecret();
        if (secret == null) {
            return;
        }
        requireGoodSecret("SYNCLINE_PORTAL_CLIENT_SECRET", secret);
        var key = portal.clientId();
        if (clients.isEmpty(key) && clients.createFirst(key, FirstSteps.PORTAL_SCOPES, secret, key)) {
            LOG.info("The portal's client {} created from the environment", key);
        }
    }

    static void requireGoodSecret(String variable, String secret) {
        var advice = "Make one by a generator, such as: openssl rand -base64 32";
        if (secret.length() < SHORTEST_SECRET) {
            throw new RefusedStartException(variable + " is shorter than " + SHORTEST_SECRET + " characters.", advice);
        }
        var plain = secret.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        if (KNOWN_SAMPLES.stream().anyMatch(plain::contains)
                || secret.chars().distinct().count() < FEWEST_DIFFERENT_CHARACTERS) {
            throw new RefusedStartException(variable + " is a known sample.", advice);
        }
    }

    /** Printed, never logged: a log is kept and read by more people than the console of a first start. */
    @EventListener
    void showSetupCode(ApplicationReadyEvent event) {
        if (!clients.isEmpty(portal.clientId())) {
            return;
        }
        var code = newCode();
        clients.addSetupCode(SecretHashes.sha256(code));
        System.out.printf(
                "%nThis platform has no administrator yet. Set-up code, good once and for 24 hours: %s%n"
                        + "Get the first client with: POST %s/api/v1/setup {\"code\": \"…\", \"clientId\": \"admin\"}%n"
                        + "or make the first person, in the portal or with \"user\": {\"key\": \"…\", \"name\": \"…\","
                        + " \"password\": \"…\"}%n%n",
                code, platform.publicUrl());
    }

    static String newCode() {
        var random = new SecureRandom();
        var code = new StringBuilder();
        for (int letter = 0; letter < CODE_GROUPS * CODE_GROUP_LENGTH; letter++) {
            if (letter > 0 && letter % CODE_GROUP_LENGTH == 0) {
                code.append('-');
            }
            code.append(CODE_LETTERS.charAt(random.nextInt(CODE_LETTERS.length())));
        }
        return code.toString();
    }
}
