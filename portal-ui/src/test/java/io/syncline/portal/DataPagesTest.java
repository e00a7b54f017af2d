package io.syncline.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "syncline.portal.client-id=portal",
            "syncline.portal.client-secret=portal-secret",
            "syncline.portal.data.client-id=portal-data",
            "syncline.portal.data.client-secret=data-secret",
            "syncline.portal.data.answer-timeout=1s"
        })
class DataPagesTest {

    private static final FakePlatform PLATFORM;
    private static final FakeDataService PROVIDER;
    private static final FakeDataService CONSUMER;

    static {
        try {
            PLATFORM = new FakePlatform();
            PROVIDER = new FakeDataService();
            CONSUMER = new FakeDataService();
        } catch (IOException trouble) {
            throw new AssertionError(trouble);
        }
    }

    @LocalServerPort
    private int port;

    private Browser browser;

    @DynamicPropertySource
    static void services(DynamicPropertyRegistry registry) {
        registry.add("syncline.portal.platform-url", PLATFORM::url);
        registry.add("syncline.portal.data.provider-url", PROVIDER::url);
        registry.add("syncline.portal.data.consumer-url", CONSUMER::url);
    }

    @AfterAll
    static void stop() {
        PLATFORM.close();
        PROVIDER.close();
        CONSUMER.close();
    }

    @BeforeEach
    void open() {
        PLATFORM.reset();
        PROVIDER.reset();
        CONSUMER.reset();
        PLATFORM.person("ada", "Ada Byron", "[\"viewer\"]", "[\"*\"]", "[\"config:read\",\"runs:read\"]");
        PLATFORM.person("li", "Li Mit", "[\"admin\"]", "[\"billing\"]", "[\"admin\",\"config:read\",\"runs:read\"]");
        PLATFORM.answers("/api/v1/groups", 200, DataSamples.groups());
        PROVIDER.answers("/status", 200, DataSamples.provider());
        PROVIDER.answers("/extracts", 200, DataSamples.extracts("null"));
        CONSUMER.answers("/status", 200, DataSamples.consumer());
        browser = new Browser(port);
    }

    private String page(String path) {
        return page("ada", path);
    }

    private String page(String user, String path) {
        browser.signIn(user, FakePlatform.PASSWORD);
        PLATFORM.forgetRequests();
        var answer = browser.get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    /** The part of the page with this id. */
    private static String part(String page, String id) {
        var from = page.indexOf("<section id=\"" + id + "\"");
        assertThat(from).as(id).isPositive();
        return page.substring(from, page.indexOf("</section>", from));
    }

    @Test
    void eachSetSaysHowFreshItIsAndWhoReadsIt() {
        var sets = part(page("/data"), "sets");

        assertThat(sets)
                .contains("24\u00a0900", "2026-11-20 05:00:00", "the provider&#39;s own", "look-ups p99 ≤ 250 ms")
                .contains("OK", "EMPTY", "CHANGES WAIT", "READER BEHIND")
                .contains("change 1\u00a0413, kept from 1", "13 changes behind, the oldest 1 min")
                .contains("look-ups p99 over 30 s", "others&#39;, captured")
                .contains("user view of follows", "3 changes behind", "subscription old of follows", "disabled")
                .contains("href=\"/groups/countries-daily\"", "aria-label=\"group countries-daily of countries\"")
                .contains("href=\"/data?set=countries#extracts\"")
                .doesNotContain("look-ups none");
    }

    @Test
    void theViewAndTheCopiesSayHowFarTheyAreBehind() {
        var page = page("/data");

        assertThat(part(page, "view"))
                .contains(
                        "NOT FRESH",
                        "7 of 120 changes took longer than PT1S",
                        "120 changes, 7 late, the slowest after 1.3 s")
                .contains("number 3", "GOES ON", "a rebuild", "1\u00a0000 of 4\u00a0000 rows", "1 failed try")
                .contains("href=\"/groups/view-check\"", "none that you reach")
                .contains(CONSUMER.url() + "/users/rebuilds");
        assertThat(part(page, "copies"))
                .contains("BEHIND", "2 h", "24\u00a0800", "NONE YET", "UP TO DATE", "BEING WRITTEN")
                .contains("href=\"/groups/countries-daily\"");
    }

    @Test
    void theCaptureOfALogSaysWhetherItIsFollowed() {
        assertThat(page("/data")).contains("Capture of the database's log", "FOLLOWED", "2.0 KiB of at most 1.0 GiB");
        PROVIDER.answers("/status", 200, DataSamples.nothingAtProvider());
        assertThat(browser.get("/data").body()).doesNotContain("Capture of the database's log");
    }

    @Test
    void subscriptionsAndExtractsAreListed() {
        PROVIDER.answers("/extracts", 200, DataSamples.extracts("\"" + DataSamples.EXTRACT + "\""));

        var page = page("/data?set=countries");

        assertThat(part(page, "push"))
                .contains(
                        "GIVEN UP",
                        "DISABLED",
                        "answered &lt;410&gt;",
                        "to crm.example.com",
                        "9 more in the log",
                        "the numbers are the least")
                .contains("aria-label=\"Send again what was given up of crm\"", "/deliveries/replay")
                .contains("&quot;subscription&quot;: &quot;crm&quot;, &quot;deadSince&quot;")
                .doesNotContain("given up of old");
        assertThat(part(page, "extracts"))
                .contains("READY", "FAILED", "No &lt;space&gt; left", "data-consumer", "not noted", "1.2 MiB")
                .contains("/data/extracts/" + DataSamples.EXTRACT)
                .contains("href=\"/data?set=countries&amp;cursor=" + DataSamples.EXTRACT + "#extracts\"");
        assertThat(PROVIDER.requests()).contains("GET /extracts?dataset=countries&limit=20");
    }

    @Test
    void theServicesAreAskedByAClientThatMayOnlyReadHowTheyStandAndNeverAsThePerson() {
        page("/data");
        page("/data");

        assertThat(PROVIDER.tokens()).isNotEmpty().allMatch(token -> token.startsWith("Bearer data-"));
        assertThat(CONSUMER.tokens()).isNotEmpty().allMatch(token -> token.startsWith("Bearer data-"));
        assertThat(PLATFORM.tokenForms())
                .filteredOn(form -> form.contains("portal-data"))
                .allMatch(form -> form.contains("scope=runs%3Aread"));
    }

    @Test
    void aRefusedTokenIsReplacedOnce() {
        PROVIDER.refuses(1);

        assertThat(part(page("/data"), "sets")).contains("countries");
        PROVIDER.refuses(50);
        var refused = page("/data");
        assertThat(part(refused, "sets"))
                .contains("The portal may not ask the data provider", "Check that it has the scope runs:read");
        assertThat(part(refused, "view")).contains("NOT FRESH");
    }

    @Test
    void aServiceThatDoesNotAnswerLeavesTheOtherStanding() {
        PROVIDER.holdsBack();

        var page = page("/data");

        assertThat(part(page, "sets")).contains("The data provider does not answer.", "Try again", "role=\"alert\"");
        assertThat(part(page, "extracts")).contains("The data provider does not answer.");
        assertThat(part(page, "view")).contains("NOT FRESH", "not known");
        assertThat(part(page, "copies")).contains("NOT COMPARED");
        assertThat(page).doesNotContain("data-secret");
    }

    @Test
    void aProblemIsToldByItsTitle() {
        CONSUMER.answers(
                "/status",
                503,
                "{\"type\":\"https://syncline.io/problems/database-unavailable\",\"title\":\"The database is away\",\"traceId\":\"abc1\"}");
        PROVIDER.answers("/status", 200, "<html>");

        var page = page("/data");

        assertThat(part(page, "view"))
                .contains("The data consumer cannot be asked now", "answered 503. The database is away.", "abc1");
        assertThat(part(page, "sets")).contains("The answer of the data provider cannot be read");
        assertThat(part(page, "extracts")).contains("READY");
    }

    @Test
    void withoutTheGroupsThePageStandsAndSaysSo() {
        PLATFORM.answers("/api/v1/groups", 503, "{\"detail\":\"Overloaded.\"}");

        assertThat(part(page("/data"), "sets"))
                .contains("Not all groups could be looked through")
                .doesNotContain("/groups/");
    }

    @Test
    void whoDoesNotReachAllGroupsIsToldWhatItTakesAndNothingElse() {
        browser.signIn("li", FakePlatform.PASSWORD);

        for (var path : new String[] {"/data", "/data/extracts/" + DataSamples.EXTRACT}) {
            var refused = browser.get(path);
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.body()).contains("Your roles do not allow this", "reach <span>billing</span>");
        }
        assertThat(PROVIDER.requests()).isEmpty();
        assertThat(CONSUMER.requests()).isEmpty();
    }

    @Test
    void emptyPartsTeachHowTheyAreFilled() {
        PROVIDER.answers("/status", 200, DataSamples.nothingAtProvider());
        PROVIDER.answers("/extracts", 200, "{\"items\": [], \"nextCursor\": null}");

        var page = page("/data");

        assertThat(part(page, "sets")).contains("Expose a set", "data-copy=\"curl -X POST &#39;" + PROVIDER.url());
        assertThat(part(page, "push")).contains("Nobody is told by push", "/subscriptions/crm");
        assertThat(part(page, "extracts")).contains("No extract is kept", "/datasets/countries/extracts");
    }

    @Test
    void anExtractShowsItsFilesAndHowToFetchThem() {
        PROVIDER.answers("/extracts/" + DataSamples.EXTRACT, 200, DataSamples.detail());

        var page = page("/data/extracts/" + DataSamples.EXTRACT);

        assertThat(page)
                .contains("ab".repeat(32), "countries-1.csv.gz", "10\u00a0000", "11.7 KiB", "the first 200")
                .contains("curl -C - -O", PROVIDER.url() + "/datasets/countries/extracts/" + DataSamples.EXTRACT);
        var gone = browser.get("/data/extracts/none");
        assertThat(gone.statusCode()).isEqualTo(404);
        assertThat(gone.body()).contains("The data provider does not have this", "There is none.");
    }
}
