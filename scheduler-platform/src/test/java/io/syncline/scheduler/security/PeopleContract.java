package io.syncline.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.scheduler.testing.SettableClock;
import io.syncline.scheduler.testing.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What people, their sessions and the waits of those who guess promise on every database. */
abstract class PeopleContract {

    private static final String PASSWORD = "seven blue herons over Skye";
    private static final String ADDRESS = "192.0.2.7";
    private static final Sessions.Origin ORIGIN = new Sessions.Origin("portal", ADDRESS, "Browser");

    /** One for all: a hash is made to cost. */
    private static final Passwords PASSWORDS = new Passwords();

    private final SettableClock clock = SettableClock.atNoon();
    private final List<SecurityChanged> events = java.util.Collections.synchronizedList(new ArrayList<>());

    private TestDatabase database;
    private JdbcUsers users;
    private JdbcSessions sessionRows;
    private SessionStanding standing;
    private SignInDelays delays;
    private People people;
    private Sessions sessions;
    private long nanos;

    abstract TestDatabase database();

    @BeforeEach
    void emptyPlatform() {
        database = database();
        for (var table :
                new String[] {"app_user", "user_session", "refresh_token", "sign_in_delay", "api_client", "setup_code"
                }) {
            database.jdbc().sql("delete from " + table).update();
        }
        users = new JdbcUsers(database.jdbc());
        sessionRows = new JdbcSessions(database.jdbc());
        standing = new SessionStanding(sessionRows, users, clock::now, () -> nanos);
        delays = new SignInDelays(database.jdbc(), clock, database.transactions());
        people = people(standing);
        sessions = sessions(standing);
    }

    private People people(SessionStanding known) {
        var clients = new JdbcClients(database.jdbc(), clock, database.transactions(), SecretBoxes.withNewKey());
        return new People(
                users,
                sessionRows,
                clients,
                new LastAdmin(database.jdbc(), users, clients),
                PASSWORDS,
                delays,
                known,
                clock,
                event -> events.add((SecurityChanged) event),
                database.transactions());
    }

    private Sessions sessions(SessionStanding known) {
        return new Sessions(
                users,
                sessionRows,
                delays,
                PASSWORDS,
                known,
                new SessionProperties(Duration.ofHours(8), Duration.ofMinutes(15), Duration.ofMinutes(10)),
                clock,
                event -> events.add((SecurityChanged) event),
                database.transactions());
    }

    private static UserChange document(Role role) {
        return document(role, true, null);
    }

    private static UserChange document(Role role, boolean enabled, @Nullable ExternalPerson external) {
        return new UserChange("A Person", null, Set.of(role), Labels.ALL, Set.of(), enabled, external);
    }

    private User person(String key, Role role) {
        var made = people.create(key, document(role), "root");
        people.setPasswordByCode(key, made.setUpCode(), PASSWORD, ADDRESS);
        return users.find(key).orElseThrow();
    }

    private static void assertRefused(ThrowingCallable call, int status, String type) {
        assertThatThrownBy(call).isInstanceOfSatisfying(ProblemException.class, problem -> {
            assertThat(problem.status()).as(problem.getMessage()).isEqualTo(status);
            assertThat(problem.type()).endsWith("/" + type);
        });
    }

    // --- accounts

    @Test
    void anAccountComesBackAsItWasPut() {
        var document = new UserChange(
                "Ägidius O'Neill",
                "ae@example.com",
                Set.of(Role.OPERATOR, Role.EDITOR),
                Labels.of(Set.of("billing", "a b,\"c\"")),
                Set.of(Scope.PAYLOAD_READ),
                true,
                null);

        var made = people.create("aegidius", document, "root").user();

        assertThat(users.find("aegidius")).contains(made);
        assertThat(made.labels().named()).containsExactlyInAnyOrder("billing", "a b,\"c\"");
        assertThat(made.scopes())
                .containsExactlyInAnyOrder(
                        Scope.RUNS_READ, Scope.RUNS_OPERATE, Scope.CONFIG_READ, Scope.CONFIG_WRITE, Scope.PAYLOAD_READ);
        assertThat(made.hasPassword()).isFalse();
        assertRefused(() -> people.create("aegidius", document, "root"), 412, "version-conflict");
        assertThat(people.list(null, 10)).containsExactly(made);
        assertThat(people.list("aegidius", 10)).isEmpty();
    }

    @Test
    void neitherPasswordNorCodeIsStoredOrTold() {
        var made = people.create("ann", document(Role.VIEWER), "root");
        people.setPasswordByCode("ann", made.setUpCode(), PASSWORD, ADDRESS);
        var opened = sessions.signIn("ann", PASSWORD, ORIGIN);

        var stored = database.jdbc().sql("select * from app_user").query().singleRow();
        assertThat(stored.toString()).doesNotContain(PASSWORD, made.setUpCode());
        assertThat(String.valueOf(stored.get("password_hash"))).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
        assertThat(database.jdbc()
                        .sql("select token_hash from refresh_token")
                        .query(String.class)
                        .list())
                .containsExactly(SecretHashes.sha256(opened.refreshToken()));
        assertThat(events.toString() + made + opened).doesNotContain(PASSWORD, made.setUpCode(), opened.refreshToken());
    }

    @Test
    void aCodeIsGoodOnceForADay() {
        var code = people.create("ann", document(Role.VIEWER), "root").setUpCode();
        clock.advance(Duration.ofHours(24));
        assertRefused(() -> people.setPasswordByCode("ann", code, PASSWORD, ADDRESS), 403, "code-refused");

        var again = people.reset("ann", "root", null).setUpCode();
        assertRefused(() -> people.setPasswordByCode("ann", code, PASSWORD, ADDRESS), 403, "code-refused");
        assertRefused(() -> people.setPasswordByCode("ann", again, "too-short", ADDRESS), 422, "password-invalid");
        assertRefused(() -> people.setPasswordByCode("nobody", again, PASSWORD, ADDRESS), 403, "code-refused");
        people.setPasswordByCode("ann", " " + again.toLowerCase(java.util.Locale.ROOT), PASSWORD, ADDRESS);
        assertRefused(() -> people.setPasswordByCode("ann", again, PASSWORD, ADDRESS), 403, "code-refused");
        assertThat(sessions.signIn("ann", PASSWORD, ORIGIN).user().key()).isEqualTo("ann");
    }

    @Test
    void changesOfRightsEndSessionsAndChangesOfTheNameDoNot() {
        var ann = person("ann", Role.VIEWER);
        var first = sessions.signIn("ann", PASSWORD, ORIGIN);
        var renamed =
                new UserChange("Ann", "ann@example.com", ann.roles(), ann.labels(), Set.of(), true, ann.external());

        var now = people.change("ann", ann.version(), renamed, "root");
        var second = sessions.refresh(first.refreshToken(), "portal").orElseThrow();
        assertThat(second.user().name()).isEqualTo("Ann");

        var version = now.version();
        for (var change : List.of(
                document(Role.OPERATOR),
                new UserChange("Ann", null, Set.of(Role.OPERATOR), Labels.of(Set.of("x")), Set.of(), true, null),
                new UserChange(
                        "Ann",
                        null,
                        Set.of(Role.OPERATOR),
                        Labels.of(Set.of("x")),
                        Set.of(Scope.PAYLOAD_READ),
                        true,
                        null),
                document(Role.OPERATOR, false, null))) {
            var session = sessions.signIn("ann", PASSWORD, ORIGIN);
            assertThat(standing.find(session.session().id())).isPresent();
            version = people.change("ann", version, change, "root").version();
            assertThat(sessions.refresh(session.refreshToken(), "portal")).isEmpty();
            assertThat(standing.find(session.session().id())).isEmpty();
        }
        assertRefused(() -> sessions.signIn("ann", PASSWORD, ORIGIN), 403, "sign-in-refused");
        assertRefused(() -> people.change("ann", 1, document(Role.ADMIN), "root"), 412, "version-conflict");
    }

    @Test
    void aNewPasswordEndsTheOtherSessions() {
        person("ann", Role.VIEWER);
        var mine = sessions.signIn("ann", PASSWORD, ORIGIN);
        var other = sessions.signIn("ann", PASSWORD, ORIGIN);
        var id = mine.session().id();
        var fresh = "eleven grey otters under Mull";

        assertRefused(() -> people.changePassword("ann", id, "wrong", fresh, ADDRESS), 403, "sign-in-refused");
        assertRefused(() -> people.changePassword("ann", id, PASSWORD, PASSWORD, ADDRESS), 422, "password-invalid");
        people.changePassword("ann", id, PASSWORD, fresh, ADDRESS);

        assertThat(sessions.refresh(mine.refreshToken(), "portal")).isPresent();
        assertThat(sessions.refresh(other.refreshToken(), "portal")).isEmpty();
        assertRefused(() -> sessions.signIn("ann", PASSWORD, ORIGIN), 403, "sign-in-refused");
        assertThat(sessions.signIn("ann", fresh, ORIGIN)).isNotNull();
        people.reset("ann", "root", null);
        assertRefused(() -> sessions.signIn("ann", fresh, ORIGIN), 403, "sign-in-refused");
        assertThat(sessions.of("ann")).isEmpty();
    }

    @Test
    void theLastAdministratorStays() {
        var ann = person("ann", Role.ADMIN);
        var type = "last-admin";

        assertRefused(() -> people.delete("ann", ann.version(), "ann", null), 409, type);
        assertRefused(() -> people.change("ann", ann.version(), document(Role.VIEWER), "ann"), 409, type);
        assertRefused(() -> people.change("ann", ann.version(), document(Role.ADMIN, false, null), "ann"), 409, type);
        assertRefused(() -> people.reset("ann", "ann", null), 409, type);
        assertThat(users.find("ann")).contains(ann);

        people.create("not-yet", document(Role.ADMIN), "ann");
        assertRefused(() -> people.delete("ann", ann.version(), "ann", null), 409, type);
        var ofNobody = document(Role.ADMIN, true, new ExternalPerson("nobody", "u-9"));
        people.create("never", ofNobody, "ann");
        assertRefused(() -> people.delete("ann", ann.version(), "ann", null), 409, type);
        assertRefused(
                () -> people.change(
                        "ann", ann.version(), document(Role.ADMIN, true, new ExternalPerson("nobody", "u-8")), "ann"),
                409,
                type);
        person("ben", Role.ADMIN);
        people.delete("ann", ann.version(), "ben", "left the team");
        assertThat(users.find("ann")).isEmpty();
        assertThat(events).anySatisfy(event -> {
            assertThat(event.action()).isEqualTo("delete");
            assertThat(event.reason()).isEqualTo("left the team");
        });
    }

    @Test
    void twoAdministratorsWhoRemoveEachOtherAtOnceLeaveOne() throws Exception {
        person("ann", Role.ADMIN);
        person("ben", Role.ADMIN);
        var done = atOnce(2, number -> {
            people.delete(number == 0 ? "ann" : "ben", 1, "somebody", null);
            return true;
        });

        assertThat(done).containsExactlyInAnyOrder("true", "409");
        assertThat(users.admins()).hasSize(1);
    }

    @Test
    void aSetUpCodeMakesTheFirstAdministratorAndThePortalsClientOnce() {
        var clients = new JdbcClients(database.jdbc(), clock, database.transactions(), SecretBoxes.withNewKey());
        var steps = new FirstSteps(
                clients,
                people,
                new PortalProperties("portal", null),
                event -> events.add((SecurityChanged) event),
                database.transactions());
        var code = FirstClient.newCode();
        clients.addSetupCode(SecretHashes.sha256(code));
        clock.set(database.jdbc()
                .sql("select created_at from setup_code")
                .query((row, number) -> io.syncline.scheduler.store.JdbcTimes.instant(row, "created_at"))
                .single());
        var first = new FirstSteps.Administrator("ann", document(Role.ADMIN), PASSWORDS.hash(PASSWORD));

        assertThat(steps.redeem("AAAAA-BBBBB", null, first)).isEmpty();
        var portals = new FirstSteps.Administrator("portal", document(Role.ADMIN), "hash");
        assertRefused(() -> steps.redeem(code, null, portals), 409, "name-taken");
        assertThat(steps.isGood(code)).isTrue();
        var made = steps.redeem(code, null, first).orElseThrow();

        assertThat(made.client().client().key()).isEqualTo("portal");
        assertThat(made.client().client().scopes()).containsExactly(Scope.RUNS_READ);
        assertThat(sessions.signIn("ann", PASSWORD, ORIGIN).user().isAdmin()).isTrue();
        assertThat(steps.isGood(code)).isFalse();
        assertThat(steps.redeem(code, "mine", null)).isEmpty();
    }

    @Test
    void anIssuersPeopleComeBackAsTheyWerePutAndTheirTokensAreGoodOnce() {
        var issuers = new JdbcPeopleIssuers(database.jdbc());
        var settings = new PeopleIssuer(
                "portal",
                "sub",
                "groups",
                java.util.Map.of(
                        "a/b ü", new PeopleIssuer.Rights(Set.of(Role.OPERATOR), Labels.of(Set.of("x"))),
                        "c", new PeopleIssuer.Rights(Set.of(Role.ADMIN, Role.VIEWER), Labels.ALL)));
        issuers.put("staff", settings);
        assertThat(issuers.find("staff")).contains(settings);
        issuers.put("staff", new PeopleIssuer("portal", "email", "groups", java.util.Map.of()));
        assertThat(issuers.find("staff").orElseThrow().groups()).isEmpty();
        issuers.put("staff", null);
        assertThat(issuers.find("staff")).isEmpty();

        var seen = new SeenIdTokens(database.jdbc());
        var until = clock.now().plusSeconds(60);
        assertThat(seen.isFirst("a.b", until, clock.now())).isTrue();
        assertThat(seen.isFirst("a.b", until, clock.now())).isFalse();
        assertThat(seen.isFirst("a.c", until, clock.now())).isTrue();

        var external = new ExternalPerson("staff", "u-1");
        people.create("ann", document(Role.VIEWER, true, external), "root");
        assertRefused(
                () -> people.create("ben", document(Role.VIEWER, true, external), "root"),
                409,
                "external-person-taken");
        var opened = database.transaction()
                .execute(status -> sessions.openFor(users.find("ann").orElseThrow(), ORIGIN));
        assertThat(users.namesIssuer("staff")).isTrue();
        sessionRows.endAllOf("staff", "issuer-changed", clock.now());
        assertThat(sessions.refresh(opened.refreshToken(), "portal")).isEmpty();
    }

    // --- sessions

    @Test
    void aSessionEndsWhenItIsIdleAndAfterItsLongestTime() {
        person("ann", Role.VIEWER);
        var idle = sessions.signIn("ann", PASSWORD, ORIGIN);
        clock.advance(Duration.ofMinutes(15));
        var refreshed = sessions.refresh(idle.refreshToken(), "portal").orElseThrow();
        clock.advance(Duration.ofMinutes(15).plusMillis(1));
        assertThat(sessions.refresh(refreshed.refreshToken(), "portal")).isEmpty();
        assertThat(sessions.of("ann")).isEmpty();

        var opened = sessions.signIn("ann", PASSWORD, ORIGIN);
        var until = opened.session().endsAt();
        assertThat(until).isEqualTo(clock.now().plus(Duration.ofHours(8)));
        while (clock.now().plus(Duration.ofMinutes(15)).isBefore(until)) {
            clock.advance(Duration.ofMinutes(14));
            opened = sessions.refresh(opened.refreshToken(), "portal").orElseThrow();
        }
        assertThat(opened.refreshUntil()).isEqualTo(until);
        clock.set(until);
        assertThat(sessions.refresh(opened.refreshToken(), "portal")).isEmpty();
        assertThat(standing.find(opened.session().id())).isEmpty();
    }

    @Test
    void aLostAnswerIsForgivenForTenSecondsAndAStolenTokenEndsTheSession() {
        person("ann", Role.VIEWER);
        var first = sessions.signIn("ann", PASSWORD, ORIGIN).refreshToken();
        var lost = sessions.refresh(first, "portal").orElseThrow().refreshToken();
        clock.advance(Sessions.REFRESH_GRACE);
        var again = sessions.refresh(first, "portal").orElseThrow().refreshToken();
        var next = sessions.refresh(again, "portal").orElseThrow();

        clock.advance(Sessions.REFRESH_GRACE.plusMillis(1));
        assertThat(sessions.refresh(lost, "portal")).isEmpty();
        assertThat(sessions.refresh(next.refreshToken(), "portal")).isEmpty();
        assertThat(standing.find(next.session().id())).isEmpty();
        assertThat(events).anySatisfy(event -> assertThat(event.reason()).isEqualTo("refresh-token-reused of ann"));
    }

    @Test
    void ofManyWhoShowOneRefreshTokenAtOnceAllAreOneSession() throws Exception {
        person("ann", Role.VIEWER);
        var first = sessions.signIn("ann", PASSWORD, ORIGIN);

        var done = atOnce(
                4,
                number -> sessions.refresh(first.refreshToken(), "portal")
                        .orElseThrow()
                        .session()
                        .id());

        assertThat(done).containsOnly(first.session().id());
    }

    @Test
    void aRefreshTokenIsGoodForItsClientAlone() {
        person("ann", Role.VIEWER);
        var opened = sessions.signIn("ann", PASSWORD, ORIGIN);

        assertThat(sessions.refresh(opened.refreshToken(), "other")).isEmpty();
        assertThat(sessions.refresh(opened.refreshToken(), "portal")).isPresent();
    }

    @Test
    void anotherNodeLearnsOfASignOutWithinTwentySeconds() {
        person("ann", Role.VIEWER);
        var elsewhere = new SessionStanding(sessionRows, users, clock::now, () -> nanos);
        var opened = sessions.signIn("ann", PASSWORD, ORIGIN);
        var id = opened.session().id();
        assertThat(elsewhere.find(id)).isPresent();

        sessions.end(opened.session(), "ann");

        assertThat(standing.find(id)).isEmpty();
        nanos += Duration.ofSeconds(20).toNanos() - 1;
        assertThat(elsewhere.find(id)).isPresent();
        nanos += 1;
        assertThat(elsewhere.find(id)).isEmpty();
    }

    @Test
    void theTwentyFirstSessionEndsTheOldest() {
        person("ann", Role.VIEWER);
        var first = sessions.signIn("ann", PASSWORD, ORIGIN);
        var user = users.find("ann").orElseThrow();
        for (int number = 1; number <= 20; number++) {
            clock.advance(Duration.ofMillis(1));
            database.transaction().executeWithoutResult(status -> sessions.openFor(user, ORIGIN));
        }

        assertThat(sessions.of("ann"))
                .hasSize(20)
                .extracting(Session::id)
                .doesNotContain(first.session().id());
    }

    @Test
    void whatEndedADayAgoIsForgotten() {
        person("ann", Role.VIEWER);
        sessions.signIn("ann", PASSWORD, ORIGIN);
        assertRefused(() -> sessions.signIn("ann", "wrong", ORIGIN), 403, "sign-in-refused");
        clock.advance(Duration.ofHours(33));

        sessions.signIn("ann", PASSWORD, new Sessions.Origin("portal", "192.0.2.8", null));

        for (var table : List.of("user_session", "refresh_token", "sign_in_delay")) {
            assertThat(database.jdbc()
                            .sql("select count(*) from " + table)
                            .query(Integer.class)
                            .single())
                    .as(table)
                    .isLessThanOrEqualTo(1);
        }
    }

    @Test
    void aSecondSignInWithinTheSessionMakesItRecent() {
        person("ann", Role.ADMIN);
        var opened = sessions.signIn("ann", PASSWORD, ORIGIN);
        var id = opened.session().id();
        clock.advance(Duration.ofMinutes(12));

        assertRefused(() -> sessions.signInAgain(id, "wrong"), 403, "sign-in-refused");
        assertThat(sessions.signInAgain(id, PASSWORD).signedInAt()).isEqualTo(clock.now());

        sessions.end(opened.session(), "ann");
        assertRefused(() -> sessions.signInAgain(id, PASSWORD), 401, "unauthorized");
    }

    // --- guessing

    @Test
    void whoGuessesWaitsLongerAndLongerAndNobodyElseDoes() {
        person("ann", Role.VIEWER);
        for (int failure = 1; failure <= 5; failure++) {
            assertRefused(() -> sessions.signIn("ann", "wrong", ORIGIN), 403, "sign-in-refused");
        }
        for (var wait : List.of(10, 20, 40, 80, 160, 320, 640, 900, 900)) {
            assertThatThrownBy(() -> sessions.signIn("ann", PASSWORD, ORIGIN))
                    .isInstanceOfSatisfying(ProblemException.class, problem -> {
                        assertThat(problem.status()).isEqualTo(429);
                        assertThat(problem.headers()).containsEntry("Retry-After", Integer.toString(wait));
                    });
            clock.advance(Duration.ofSeconds(wait));
            assertRefused(() -> sessions.signIn("ann", "wrong", ORIGIN), 403, "sign-in-refused");
        }
        assertThat(sessions.signIn("ann", PASSWORD, new Sessions.Origin("portal", "198.51.100.1", null)))
                .isNotNull();

        clock.advance(Duration.ofMinutes(15));
        assertThat(sessions.signIn("ann", PASSWORD, ORIGIN)).isNotNull();
        assertRefused(() -> sessions.signIn("ann", "wrong", ORIGIN), 403, "sign-in-refused");
        assertThat(sessions.signIn("ann", PASSWORD, ORIGIN)).isNotNull();
    }

    @Test
    void aPersonThatDoesNotExistIsRefusedAndDelayedLikeOneThatDoes() {
        person("ann", Role.VIEWER);
        for (int failure = 1; failure <= 5; failure++) {
            assertRefused(() -> sessions.signIn("My Secret typed here", "wrong", ORIGIN), 403, "sign-in-refused");
        }
        assertRefused(() -> sessions.signIn("My Secret typed here", "wrong", ORIGIN), 429, "too-many-attempts");
        assertThat(events.toString()).doesNotContain("My Secret");
        assertThat(events)
                .last()
                .satisfies(event -> assertThat(event.reason()).isEqualTo("from 192.0.2.7; further tries wait 10 s"));
    }

    @Test
    void manyGuessesAtOnceGainNothing() throws Exception {
        person("ann", Role.VIEWER);

        var done = atOnce(12, number -> sessions.signIn("ann", "wrong " + number, ORIGIN));

        assertThat(done).filteredOn("403"::equals).hasSizeLessThanOrEqualTo(5);
        assertThat(done).filteredOn("429"::equals).hasSizeGreaterThanOrEqualTo(7 - overloaded(done));
    }

    private static int overloaded(List<String> done) {
        return (int) done.stream().filter("503"::equals).count();
    }

    @Test
    void oneAddressThatTriesManyNamesWaitsAndOneNetworkOfIpv6IsOneAddress() {
        person("ann", Role.VIEWER);
        for (int number = 0; number < 50; number++) {
            delays.begin("name " + number, "2001:db8:1:2::" + Integer.toHexString(number + 1));
        }

        assertRefused(
                () -> sessions.signIn("ann", PASSWORD, new Sessions.Origin("portal", "2001:db8:1:2:ffff::1", null)),
                429,
                "too-many-attempts");
        assertThat(sessions.signIn("ann", PASSWORD, new Sessions.Origin("portal", "2001:db8:1:3::1", null)))
                .isNotNull();
    }

    /** What each of them came to: its result, or the status of its refusal. */
    private static List<String> atOnce(int count, Numbered work) throws Exception {
        var barrier = new CyclicBarrier(count);
        var threads = Executors.newFixedThreadPool(count);
        try {
            var outcomes = new ArrayList<String>();
            for (var outcome : threads.invokeAll(IntStream.range(0, count)
                    .<Callable<String>>mapToObj(number -> () -> {
                        barrier.await();
                        try {
                            return String.valueOf(work.doIt(number));
                        } catch (ProblemException refusal) {
                            return Integer.toString(refusal.status());
                        }
                    })
                    .toList())) {
                outcomes.add(outcome.get());
            }
            return outcomes;
        } finally {
            threads.shutdownNow();
        }
    }

    private interface Numbered {
        Object doIt(int number);
    }
}
