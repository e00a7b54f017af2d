package io.syncline.scheduler.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.security.ProblemError;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.security.SealedCells;
import io.syncline.scheduler.security.SecretBox;
import io.syncline.scheduler.security.SecretBoxes;
import io.syncline.scheduler.store.SqlDialect;
import io.syncline.scheduler.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What becomes of the secrets of systems, on every database. */
abstract class CredentialsContract {

    private static final Precondition NEW = new Precondition(null, "*");
    private static final Precondition ANY = new Precondition("*", null);
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00.123456Z");
    private static final Editor OPERATOR = new Editor("operator", Labels.ALL);
    private static final String SECRET = "canary-Zq8vT3mX";
    private static final String SECOND = "canary-Lw5nR7cY";
    private static final String ONE = "http://127.0.0.1:9";
    private static final String TWO = "http://127.0.0.1:10";

    abstract TestDatabase database();

    private final List<ConfigChanged> changes = new ArrayList<>();
    private Instant now = NOON;
    private JdbcClient jdbc;
    private SecretBox box;
    private JdbcCredentials rows;
    private SystemCredentials credentials;
    private CachedSystems cached;
    private SystemCatalog systems;
    private TaskGroupCatalog groups;

    @BeforeEach
    void open() {
        jdbc = database().jdbc();
        for (String table : List.of(
                "sync_system_credential",
                "task_group_label",
                "sync_system_label",
                "task_group_system",
                "task_group_rule",
                "task_group_version",
                "task_group",
                "sync_system")) {
            jdbc.sql("delete from " + table).update();
        }
        box = SecretBoxes.withNewKey();
        rows = new JdbcCredentials(jdbc);
        var transactions = database().transaction();
        credentials = new SystemCredentials(rows, box, transactions);
        var storedSystems = new JdbcSystems(jdbc);
        cached = new CachedSystems(storedSystems, credentials);
        var storedGroups = new JdbcTaskGroups(jdbc, SqlDialect.of(database().dataSource()));
        systems = new SystemCatalog(
                storedSystems,
                storedGroups,
                credentials,
                cached,
                one(url -> !url.getHost().equals("evil.example.com")),
                new ManagedObjects(jdbc, event -> {}),
                () -> now,
                transactions,
                event -> changes.add((ConfigChanged) event));
        groups = new TaskGroupCatalog(
                storedGroups,
                storedSystems,
                new JdbcCalendars(jdbc),
                one((schedule, calendar, after, count) -> List.of(after.plusSeconds(60))),
                one(group -> false),
                one((group, mode, since) -> {}),
                new ManagedObjects(jdbc, event -> {}),
                () -> now,
                transactions,
                event -> {});
    }

    @Test
    void aSecretIsNeverReadBackAndStandsInNoTableAndNoEvent() {
        var stored = put(document(ONE, basic("u", SECRET)), NEW);

        assertThat(Documents.toJson(systems.show(stored))).doesNotContain(SECRET);
        assertThat(stored.document()).doesNotContain(SECRET);
        assertThat(changes)
                .singleElement()
                .satisfies(change -> assertThat(change.toString()).doesNotContain(SECRET));
        for (String table : List.of("sync_system", "sync_system_credential")) {
            assertThat(jdbc.sql("select * from " + table).query().listOfRows().toString())
                    .doesNotContain(SECRET);
        }
        assertThat(rows.of("shop").get(0).sealedCurrent())
                .satisfies(text -> assertThat(box.isSealed(text)).isTrue());
        assertThat(current("user")).isEqualTo(new Credential.Basic("u", SECRET));
        assertThat(cached.find("shop", "user").orElseThrow().toString()).doesNotContain(SECRET);
        assertThat(cached.find("shop").orElseThrow().toString()).doesNotContain(SECRET);
        assertThat(systems.show(stored).at("/credentials/user/secretSetAt").stringValue())
                .isEqualTo(NOON.toString());
    }

    @Test
    void theDocumentAsItWasReadKeepsTheSecretAndChangesNothing() {
        var stored = put(document(ONE, basic("u", SECRET)), NEW);

        var again = put(Documents.toJson(systems.show(stored)), ANY);

        assertThat(again.version()).isEqualTo(1);
        assertThat(current("user")).isEqualTo(new Credential.Basic("u", SECRET));
        assertThat(changes).hasSize(1);
    }

    @Test
    void anotherUserKeepsThePasswordAndANullOneIsAsIfLeftOut() {
        put(document(ONE, basic("u", SECRET)), NEW);

        put(document(ONE, "user: {type: basic, username: v, password: null}"), ANY);

        assertThat(current("user")).isEqualTo(new Credential.Basic("v", SECRET));
        assertThat(kept("user").previous()).isNull();
    }

    @Test
    void aNewSecretLeavesTheOldOneForADay() {
        put(document(ONE, basic("u", SECRET)), NEW);
        now = NOON.plusSeconds(60);

        var stored = put(document(ONE, basic("u", SECOND)), ANY);

        assertThat(stored.version()).isEqualTo(2);
        assertThat(kept("user").current()).isEqualTo(new Credential.Basic("u", SECOND));
        assertThat(kept("user").previous()).isEqualTo(new Credential.Basic("u", SECRET));
        assertThat(kept("user").previousUntil()).isEqualTo(now.plus(Duration.ofHours(24)));
        assertThat(systems.show(stored).at("/credentials/user/rotatedAt").stringValue())
                .isEqualTo(now.toString());
    }

    @Test
    void theSameSecretSentTwiceDoesNotPushTheOldOneOut() {
        put(document(ONE, basic("u", SECRET)), NEW);
        put(document(ONE, basic("u", SECOND)), ANY);
        now = NOON.plusSeconds(60);

        put(document(ONE, basic("u", SECOND)), ANY);

        assertThat(kept("user").previous()).isEqualTo(new Credential.Basic("u", SECRET));
        assertThat(kept("user").previousUntil()).isEqualTo(NOON.plus(Duration.ofHours(24)));
    }

    @Test
    void aRotationNamesItsOverlapAndBringsANewSecret() {
        put(document(ONE, basic("u", SECRET)), NEW);

        var stored = systems.rotate(
                "shop", "user", json("{\"password\": \"" + SECOND + "\", \"overlap\": \"PT1H\"}"), OPERATOR);

        assertThat(stored.version()).isEqualTo(2);
        assertThat(kept("user").current()).isEqualTo(new Credential.Basic("u", SECOND));
        assertThat(kept("user").previousUntil()).isEqualTo(NOON.plus(Duration.ofHours(1)));
        assertThat(changes.get(1).action()).isEqualTo("rotate");
        assertThat(changes.get(1).toString()).doesNotContain(SECOND);
        systems.rotate("shop", "user", json("{\"password\": \"third-secret\", \"overlap\": \"PT0S\"}"), OPERATOR);
        assertThat(kept("user").previous()).isNull();
    }

    @Test
    void anOldSecretIsRetiredBeforeItsTimeOnAllNodes() {
        put(document(ONE, basic("u", SECRET)), NEW);
        put(document(ONE, basic("u", SECOND)), ANY);

        var stored = systems.retire("shop", "user", OPERATOR);

        assertThat(stored.version()).isEqualTo(3);
        assertThat(kept("user").current()).isEqualTo(new Credential.Basic("u", SECOND));
        assertThat(kept("user").previous()).isNull();
        assertThat(shown("previousUntil")).isEmpty();
        assertThat(shown("fingerprint")).isNotEmpty();
        assertThat(changes.get(2).action()).isEqualTo("retire");
        assertThat(status(() -> systems.retire("shop", "user", OPERATOR))).isEqualTo(409);
        assertThat(status(() -> systems.retire("shop", "none", OPERATOR))).isEqualTo(404);
        assertThat(status(() -> systems.retire("none", "user", OPERATOR))).isEqualTo(404);
        assertThat(systems.get("shop", Labels.ALL).version()).isEqualTo(3);
    }

    @Test
    void aFingerprintGoesWithTheSecretAndTheLastUseWithTheFingerprint() {
        put(document(ONE, basic("u", SECRET)), NEW);
        var first = shown("fingerprint");
        rows.used("shop", "user", rows.of("shop").get(0).revision(), false, NOON.plusSeconds(60));
        put(document(ONE, basic("u", SECRET)), ANY);
        var same = shown("fingerprint");

        put(document(ONE, basic("u", SECOND)), ANY);
        rows.used("shop", "user", rows.of("shop").get(0).revision(), true, NOON.plusSeconds(90));
        rows.used("shop", "user", rows.of("shop").get(0).revision() - 1, false, NOON.plusSeconds(99));

        assertThat(first).matches("[0-9a-f]{6}").isEqualTo(same).isNotEqualTo(shown("fingerprint"));
        assertThat(shown("previousFingerprint")).isEqualTo(first);
        assertThat(shown("previousUsedAt")).isEqualTo(NOON.plusSeconds(90).toString());
        assertThat(shown("previousUntil"))
                .isEqualTo(NOON.plus(Duration.ofHours(24)).toString());
        assertThat(shown("usedAt")).isEmpty();
    }

    private String shown(String member) {
        return systems.show(systems.get("shop", Labels.ALL))
                .at("/credentials/user/" + member)
                .asString("");
    }

    @Test
    void aSecretWhoseOverlapIsOverIsForgotten() {
        put(document(ONE, basic("u", SECRET)), NEW);
        systems.rotate("shop", "user", json("{\"password\": \"" + SECOND + "\", \"overlap\": \"PT1H\"}"), OPERATOR);
        jdbc.sql("update sync_system_credential set previous_until = current_timestamp + interval '1' hour")
                .update();

        rows.purge();
        var within = jdbc.sql("select count(sealed_previous) from sync_system_credential")
                .query(Integer.class)
                .single();
        jdbc.sql("update sync_system_credential set previous_until = current_timestamp - interval '1' hour")
                .update();
        rows.purge();

        assertThat(within).isEqualTo(1);
        assertThat(jdbc.sql("select count(sealed_previous) from sync_system_credential")
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(kept("user").current()).isEqualTo(new Credential.Basic("u", SECOND));
    }

    @Test
    void aRotationIsRefusedWithItsOwnPointers() {
        put(document(ONE, basic("u", SECRET)), NEW);

        assertThat(pointers(() -> systems.rotate("shop", "user", json("{\"overlap\": \"P31D\"}"), OPERATOR)))
                .containsExactly("/overlap", "/password");
        assertThat(pointers(() -> systems.rotate("shop", "user", json("{\"apiKey\": \"x\"}"), OPERATOR)))
                .containsExactly("/apiKey", "/password");
        assertThat(pointers(() ->
                        systems.rotate("shop", "user", json("{\"password\": \"x\", \"username\": \"a:b\"}"), OPERATOR)))
                .containsExactly("/username");
        assertThat(status(() -> systems.rotate("shop", "nobody", json("{\"password\": \"x\"}"), OPERATOR)))
                .isEqualTo(404);
        assertThat(status(() -> systems.rotate("nowhere", "user", json("{\"password\": \"x\"}"), OPERATOR)))
                .isEqualTo(404);
        assertThat(kept("user").revision()).isEqualTo(1);
    }

    @Test
    void aNewOriginClearsTheSecretAndSaysSoUntilItIsSentAgain() {
        put(document(ONE, basic("u", SECRET)), NEW);
        put(document(ONE, basic("u", SECOND)), ANY);

        var moved = put(document(ONE + ", " + TWO, "user: {type: basic, username: u}"), ANY);

        assertThat(systems.show(moved).at("/status/clearedCredentials/0").stringValue())
                .isEqualTo("user");
        assertThat(kept("user").current()).isNull();
        assertThat(kept("user").previous()).isNull();
        assertThat(kept("user").trouble()).contains("send it again");
        assertThat(rows.of("shop").get(0).sealedCurrent()).isNull();
        var readAndPut = put(Documents.toJson(systems.show(moved)), ANY);
        assertThat(readAndPut.version()).isEqualTo(moved.version());
        var sent = put(document(ONE + ", " + TWO, basic("u", SECRET)), ANY);
        assertThat(kept("user").current()).isEqualTo(new Credential.Basic("u", SECRET));
        assertThat(systems.show(sent).at("/status/clearedCredentials").isEmpty())
                .isTrue();
    }

    @Test
    void anInstanceThatGoesClearsNothingButComesBackAsAStranger() {
        put(document(ONE + ", " + TWO, basic("u", SECRET)), NEW);

        put(document(ONE, "user: {type: basic, username: u}"), ANY);
        assertThat(kept("user").current()).isEqualTo(new Credential.Basic("u", SECRET));
        assertThat(kept("user").origins()).containsExactly(ONE);

        put(document(ONE + ", " + TWO, "user: {type: basic, username: u}"), ANY);
        assertThat(kept("user").current()).isNull();
    }

    @Test
    void anotherPathOfAnInstanceIsTheSameOrigin() {
        put(document(ONE, basic("u", SECRET)), NEW);

        put(document(ONE + "/base", "user: {type: basic, username: u}"), ANY);

        assertThat(kept("user").current()).isNotNull();
    }

    @Test
    void anotherOriginOfTheTokenUrlClearsAndAnotherPathDoesNot() {
        put(document(ONE, oauth2("https://idp.example.com/token", ", clientSecret: " + SECRET)), NEW);

        put(document(ONE, oauth2("https://idp.example.com:443/v2/token", "")), ANY);
        assertThat(kept("user").current()).isNotNull();

        put(document(ONE, oauth2("https://other.example.com/v2/token", "")), ANY);
        assertThat(kept("user").current()).isNull();
    }

    @Test
    void aSecretForANewOriginNeverTakesTheOldSecretAlong() {
        put(document(ONE, basic("u", SECRET)), NEW);

        put(document(TWO, basic("u", SECOND)), ANY);

        assertThat(kept("user").current()).isEqualTo(new Credential.Basic("u", SECOND));
        assertThat(kept("user").previous()).isNull();
    }

    @Test
    void aCredentialThatIsLeftOutIsRemovedUnlessATaskNamesIt() {
        put(document(ONE, basic("u", SECRET)), NEW);
        group("auth: {type: basic, credential: user}");

        assertThat(status(() -> put(document(ONE, ""), ANY))).isEqualTo(409);
        assertThat(status(() -> put(document(ONE, "user: {type: api-key, header: X-Key, apiKey: k}"), ANY)))
                .isEqualTo(409);
        assertThat(rows.of("shop")).hasSize(1);
        groups.put("daily", DocumentFormat.YAML, groupYaml("auth: {type: none}"), ANY, OPERATOR);
        put(document(ONE, ""), ANY);
        assertThat(rows.of("shop")).isEmpty();
    }

    @Test
    void theDefaultMustNameACredentialThatThereIs() {
        assertThat(pointers(() -> put(document(ONE, "") + "auth: {type: basic, credential: user}\n", NEW)))
                .containsExactly("/auth/credential");

        put(document(ONE, basic("u", SECRET)) + "auth: {type: basic, credential: user}\n", NEW);

        assertThat(cached.find("shop").orElseThrow().auth()).isEqualTo(new Auth(AuthType.BASIC, "user"));
    }

    @Test
    void anotherTypeUnderTheNameNeedsItsOwnSecret() {
        put(document(ONE, basic("u", SECRET)), NEW);

        assertThat(pointers(() -> put(document(ONE, "user: {type: api-key, header: X-Key}"), ANY)))
                .containsExactly("/credentials/user/apiKey");
        put(document(ONE, "user: {type: api-key, header: X-Key, apiKey: k}"), ANY);

        assertThat(kept("user").previous()).isNull();
    }

    @Test
    void aDeletedSystemLeavesNoSecret() {
        put(document(ONE, basic("u", SECRET)), NEW);

        systems.delete("shop", ANY, OPERATOR);

        assertThat(rows.of("shop")).isEmpty();
        assertThat(pointers(() -> put(document(ONE, "user: {type: basic, username: u}"), NEW)))
                .containsExactly("/credentials/user/password");
    }

    @Test
    void anotherNodesReaderSeesTheNewSecretWithTheNewVersion() {
        put(document(ONE, basic("u", SECRET)), NEW);
        var otherNode = new CachedSystems(new JdbcSystems(jdbc), credentials);
        assertThat(otherNode.find("shop", "user").orElseThrow().current()).isEqualTo(new Credential.Basic("u", SECRET));
        put(document(ONE, basic("u", SECOND)), ANY);

        otherNode.expire();

        assertThat(otherNode.find("shop", "user").orElseThrow().current()).isEqualTo(new Credential.Basic("u", SECOND));
    }

    @Test
    void aSecretInAnotherRowDoesNotOpen() {
        put(document(ONE, basic("u", SECRET) + ", other: {type: basic, username: o, password: other-secret}"), NEW);
        var moved = rows.of("shop").get(0).sealedCurrent();

        jdbc.sql("update sync_system_credential set sealed_current = :sealed where credential_name = 'user'")
                .param("sealed", moved)
                .update();

        assertThat(credentials.of("shop").get("user").current()).isNull();
        assertThat(credentials.of("shop").get("user").trouble()).contains("cannot be opened");
    }

    @Test
    void everySealedCellIsKnownToTheCheckAtStartAndCanBeSealedAnew() {
        put(document(ONE, basic("u", SECRET)), NEW);
        put(document(ONE, basic("u", SECOND)), ANY);

        var cells = credentials.stored();

        assertThat(cells)
                .extracting(SealedCells.Stored::cell)
                .extracting(SecretBox.Cell::toString)
                .containsExactly(
                        "sync_system_credential.sealed_current of shop/user",
                        "sync_system_credential.sealed_previous of shop/user");
        var first = cells.get(0);
        String anew = box.seal(box.open(first.text(), first.cell()), first.cell());
        assertThat(credentials.replace(first.cell(), "something else", anew)).isFalse();
        assertThat(credentials.replace(first.cell(), first.text(), anew)).isTrue();
        assertThat(rows.of("shop").get(0).sealedCurrent()).isEqualTo(anew);
        assertThat(credentials.of("shop").get("user").current()).isEqualTo(new Credential.Basic("u", SECOND));
    }

    private KeptCredential kept(String name) {
        return cached.find("shop", name).orElseThrow();
    }

    private Credential current(String name) {
        return kept(name).current();
    }

    private StoredVersion put(String yaml, Precondition precondition) {
        return systems.put("shop", DocumentFormat.YAML, yaml.getBytes(StandardCharsets.UTF_8), precondition, OPERATOR)
                .view();
    }

    private void group(String auth) {
        groups.put("daily", DocumentFormat.YAML, groupYaml(auth), NEW, OPERATOR);
    }

    private static byte[] groupYaml(String auth) {
        return ("apiVersion: syncline/v1\nkind: TaskGroup\nkey: daily\ntasks: [{key: only, system: shop, path: /x, "
                        + auth + "}]\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String document(String instances, String credentials) {
        return "apiVersion: syncline/v1\nkind: System\nkey: shop\ninstances: [" + quoted(instances)
                + "]\ncredentials: {" + credentials + "}\n";
    }

    private static String quoted(String instances) {
        return "'" + instances.replace(", ", "', '") + "'";
    }

    private static String basic(String user, String password) {
        return "user: {type: basic, username: " + user + ", password: " + password + "}";
    }

    private static String oauth2(String tokenUrl, String more) {
        return "user: {type: oauth2-client-credentials, tokenUrl: '" + tokenUrl + "', clientId: c" + more + "}";
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> pointers(Runnable refused) {
        ProblemException problem = catchThrowableOfType(ProblemException.class, refused::run);
        assertThat(problem.status()).isEqualTo(422);
        assertThat(problem.toString()).doesNotContain(SECRET);
        return problem.errors().stream().map(ProblemError::pointer).sorted().toList();
    }

    private static int status(Runnable refused) {
        return catchThrowableOfType(ProblemException.class, refused::run).status();
    }

    private static <T> ObjectProvider<T> one(T bean) {
        return new ObjectProvider<>() {
            @Override
            public T getObject() {
                return bean;
            }

            @Override
            public java.util.Iterator<T> iterator() {
                return List.of(bean).iterator();
            }
        };
    }
}
