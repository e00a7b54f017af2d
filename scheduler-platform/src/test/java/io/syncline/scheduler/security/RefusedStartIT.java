package io.syncline.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.scheduler.SchedulerPlatform;
import io.syncline.scheduler.testing.RootClient;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The whole platform is started, and what it prints is read. */
@ExtendWith(OutputCaptureExtension.class)
class RefusedStartIT {

    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final String CLIENT_SECRET = RootClient.SECRET;

    private final String wrappingKey = SecretBoxes.newKey();
    private String url = "";

    @BeforeEach
    void aDatabaseOfItsOwn() {
        url = "jdbc:h2:mem:refused" + DATABASES.incrementAndGet() + ";MODE=Oracle;DB_CLOSE_DELAY=-1";
    }

    private void start(String... settings) {
        var all = new LinkedHashMap<String, String>();
        all.put("--server.port", "0");
        all.put("--spring.datasource.url", url);
        all.put("--syncline.bootstrap.client.id", "root");
        all.put("--syncline.bootstrap.client.secret", CLIENT_SECRET);
        all.put("--syncline.wrapping-key", wrappingKey);
        for (var setting : settings) {
            var equals = setting.indexOf('=');
            all.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        new SpringApplicationBuilder(SchedulerPlatform.class)
                .run(all.entrySet().stream()
                        .map(setting -> setting.getKey() + "=" + setting.getValue())
                        .toArray(String[]::new))
                .close();
    }

    private void assertRefused(CapturedOutput output, String what, String action, String... settings) {
        var before = output.getAll().length();

        assertThatThrownBy(() -> start(settings)).isInstanceOf(Exception.class);

        var printed = output.getAll().substring(before);
        assertThat(printed)
                .containsPattern("(?m)^The platform does not start: .*" + Pattern.quote(what))
                .containsPattern("(?m)^What to do: .*" + Pattern.quote(action));
        assertThat(printed).doesNotContain(wrappingKey).doesNotContain(CLIENT_SECRET);
    }

    private JdbcClient jdbc() {
        return JdbcClient.create(new DriverManagerDataSource(url, "sa", ""));
    }

    private JdbcKeyRows rows() {
        return new JdbcKeyRows(
                jdbc(), SecretBoxes.withKeys(wrappingKey), () -> java.time.Instant.EPOCH, MemoryKeyRows.properties());
    }

    private String kid(KeyPurpose purpose) {
        return rows().all().stream()
                .filter(key -> key.purpose() == purpose)
                .findFirst()
                .orElseThrow()
                .kid();
    }

    private String stored(String kid) {
        return jdbc().sql("select private_key from signing_key where kid = :kid")
                .param("kid", kid)
                .query(String.class)
                .single();
    }

    private void store(String kid, String text) {
        jdbc().sql("update signing_key set private_key = :text where kid = :kid")
                .params(Map.of("text", text, "kid", kid))
                .update();
    }

    @Test
    void anUnsetOrWellKnownWrappingKey(CapturedOutput output) {
        assertRefused(output, "No wrapping key is set", "openssl rand -base64 32", "--syncline.wrapping-key=");
        assertRefused(
                output,
                "The wrapping key is a known sample.",
                "openssl rand -base64 32",
                "--syncline.wrapping-key=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
        assertRefused(
                output,
                "The wrapping key has 16 bytes; it has exactly 32.",
                "openssl rand -base64 32",
                "--syncline.wrapping-key=Yk1m8GdDpB5r0Jt3wQx7zA==");
    }

    @Test
    void aWrappingKeyThatIsAnotherSecretAsWell(CapturedOutput output) {
        assertRefused(
                output,
                "A wrapping key is the value of syncline.bootstrap.client.secret as well. A key has one purpose.",
                "Give syncline.bootstrap.client.secret another value",
                "--syncline.bootstrap.client.secret=" + wrappingKey);
        aDatabaseOfItsOwn();
        assertRefused(
                output,
                "A wrapping key is the value of spring.datasource.password as well.",
                "Give spring.datasource.password another value",
                "--spring.datasource.password=" + wrappingKey);
        aDatabaseOfItsOwn();
        assertRefused(
                output,
                "A wrapping key is the value of MAIL_API_KEY as well.",
                "Give MAIL_API_KEY another value",
                "--MAIL_API_KEY=" + wrappingKey);
        assertRefused(
                output,
                "A wrapping key is the value of mail.password as well.",
                "Give mail.password another value",
                // the one before the last rotation of wrapping keys counts as well
                "--syncline.wrapping-key=" + SecretBoxes.newKey() + "," + wrappingKey,
                "--mail.password=" + wrappingKey);
    }

    @Test
    void aClientSecretThatIsTheDatabasePasswordAsWell(CapturedOutput output) {
        assertRefused(
                output,
                "SYNCLINE_BOOTSTRAP_CLIENT_SECRET is the value of spring.datasource.password as well.",
                "Give SYNCLINE_BOOTSTRAP_CLIENT_SECRET another value",
                "--spring.datasource.password=" + CLIENT_SECRET);
    }

    @Test
    void keysInTheDatabaseThatCannotBeTrusted(CapturedOutput output) {
        start();
        start();
        var token = kid(KeyPurpose.TOKEN);
        var callback = kid(KeyPurpose.CALLBACK);
        var box = SecretBoxes.withKeys(wrappingKey);
        var tokenText = stored(token);
        var callbackText = stored(callback);
        var tokenSecret = box.open(tokenText, JdbcKeyRows.cell(token));

        store(token, callbackText);
        store(callback, tokenText);
        assertRefused(output, "signing_key.private_key of ", "restore the row from a backup");
        assertThat(output).contains("written for another cell").doesNotContain(tokenText);

        store(token, tokenText);
        store(callback, box.seal(tokenSecret, JdbcKeyRows.cell(callback)));
        assertRefused(output, "are one key used for two purposes.", "Delete both rows");

        store(callback, callbackText);
        store(token, tokenSecret);
        assertRefused(
                output, "signing_key.private_key of " + token + " cannot be read: it is not encrypted", "delete it");
        assertThat(output).doesNotContain(tokenSecret);

        store(token, tokenText);
        var other = SecretBoxes.newKey();
        assertRefused(
                output,
                "which is not among those given",
                "after the current one in SYNCLINE_WRAPPING_KEY_FILE",
                "--syncline.wrapping-key=" + other);
        start("--syncline.wrapping-key=" + other + "," + wrappingKey);
        start("--syncline.wrapping-key=" + other);
    }
}
