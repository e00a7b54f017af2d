package io.syncline.systemtests.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.systemtests.process.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The inventory of cryptography: what our sources name is what docs/security.md allows. */
class CryptographyTest {

    private static final List<String> DELIVERED = List.of(
            "contracts",
            "outbox",
            "tracing",
            "db-migrations",
            "starter/autoconfigure",
            "scheduler-platform",
            "data-provider",
            "data-consumer",
            "portal-ui");

    private static final Set<String> ALLOWED = Set.of(
            "SHA-256",
            "HmacSHA256",
            "AES/GCM/NoPadding",
            "AES",
            "EC",
            "RSA",
            "Ed25519",
            "EdDSA",
            "X.509",
            "PKCS12",
            "PKCS8",
            "PBKDF2WithHmacSHA512",
            "SHA256withECDSA",
            "SHA256withECDSAinP1363Format",
            "TLS",
            "PKIX");

    private static final Pattern NAMED = Pattern.compile("\\.getInstance\\(\\s*\"([^\"]+)\"");
    private static final Pattern WEAK =
            Pattern.compile("\"(MD[245]|SHA-?1|DES(ede)?|RC[24]|Blowfish)\\b|/ECB/|/CBC/|PKCS1Padding");
    private static final Pattern GUESSABLE = Pattern.compile("\\bnew Random\\(|\\bMath\\.random\\(|RandomStringUtils");

    /** Spreads retries in time; nobody gains by guessing it. */
    private static final Pattern JITTER = Pattern.compile("ThreadLocalRandom\\.current\\(\\)(?!\\.nextDouble\\(0?\\.)");

    @Test
    void noWeakHashOrCipherIsNamedInOurSources() throws IOException {
        assertThat(found(WEAK)).isEmpty();
        assertThat(named()).isNotEmpty().isSubsetOf(ALLOWED);
    }

    @Test
    void whatMustNotBeGuessedComesFromASafeSource() throws IOException {
        assertThat(found(GUESSABLE)).isEmpty();
        assertThat(found(JITTER)).isEmpty();
    }

    @Test
    void aWeakOneWouldBeFound() {
        assertThat(WEAK.matcher("MessageDigest.getInstance(\"MD5\")").find()).isTrue();
        assertThat(WEAK.matcher("Cipher.getInstance(\"AES/ECB/NoPadding\")").find())
                .isTrue();
        assertThat(GUESSABLE.matcher("var r = new Random();").find()).isTrue();
        assertThat(JITTER.matcher("ThreadLocalRandom.current().nextBytes(b)").find())
                .isTrue();
    }

    private static List<String> named() throws IOException {
        var names = new ArrayList<String>();
        for (var source : sources()) {
            NAMED.matcher(Files.readString(source)).results().forEach(found -> names.add(found.group(1)));
        }
        return names;
    }

    private static List<String> found(Pattern pattern) throws IOException {
        var places = new ArrayList<String>();
        for (var source : sources()) {
            pattern.matcher(Files.readString(source))
                    .results()
                    .forEach(found -> places.add(source.getFileName() + ": " + found.group()));
        }
        return places;
    }

    private static List<Path> sources() throws IOException {
        var sources = new ArrayList<Path>();
        for (var module : DELIVERED) {
            try (var files = Files.walk(Project.root().resolve(module).resolve("src/main/java"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
            }
        }
        assertThat(sources).hasSizeGreaterThan(200);
        return sources;
    }
}
