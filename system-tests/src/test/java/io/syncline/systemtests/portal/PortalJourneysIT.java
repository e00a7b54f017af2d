package io.syncline.systemtests.portal;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What people come to the portal for, from the sign-in to the end, in a real browser over real processes. */
class PortalJourneysIT {

    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    private static Path home;

    private static Chromium chromium;
    private static PortalScene scene;

    @BeforeAll
    static void start() {
        chromium = Chromium.start();
        scene = PortalScene.onH2(home);
    }

    @AfterAll
    static void stop() throws IOException {
        if (scene != null) {
            scene.close();
        }
        if (chromium != null) {
            chromium.close();
        }
    }

    @AfterEach
    void nothingWasComplainedOf() {
        assertThat(chromium.complaints()).isEmpty();
    }

    @Test
    void aWrongPasswordIsToldAndTheRightOneLeadsToThePageThatWasAskedFor() {
        try (var browser = chromium.person()) {
            var page = browser.newPage();
            page.navigate(scene.url() + "/alerts/rules");
            page.getByLabel("Name").fill("ana");
            page.getByLabel("Password").fill("not-this-one");
            button(page, "Sign in").click();
            assertThat(page.getByRole(AriaRole.ALERT)).containsText("Name or password is wrong.");

            page.getByLabel("Password").fill(PortalScene.PASSWORD);
            page.keyboard().press("Enter");

            assertThat(page.getByRole(AriaRole.HEADING, named("Rules"))).isVisible();
        }
    }

    @Test
    void anEditorConfiguresAGroupByFormAndYamlAndIsShownWhatIsWrong() {
        try (var browser = chromium.person()) {
            var page = scene.signIn(browser, "ed");
            page.locator(".rail [data-key=groups]").click();
            link(page, "Create group").click();
            page.waitForURL(scene.url() + "/groups/new");
            page.locator("#f-key").fill("plans-daily");
            page.locator("#f-description").fill("Plans of the day");
            assertThat(page.locator("#document")).hasValue(Pattern.compile("plans-daily"));
            page.locator("#f-tasks-0-key").fill("plans");
            page.locator("#f-tasks-0-system").fill("crm");
            page.locator("#f-tasks-0-path").fill("sync/plans");
            button(page, "Check").first().click();
            // The check of what was typed may say the same before the page comes; only the new page has the focus
            // there.
            assertThat(page.locator("#faults")).isFocused();
            page.waitForLoadState();
            assertThat(page.locator("#faults")).containsText("path");

            page.locator("#f-tasks-0-path").fill("/sync/plans");
            assertThat(page.locator("#check")).containsText("The platform would take it.");
            assertThat(page.locator("#document")).hasValue(Pattern.compile("path: /sync/plans"));
            button(page, "Review & save").first().click();
            page.getByLabel("Reason").fill("the first of its kind");
            button(page, "Create group").click();

            assertThat(page.getByRole(AriaRole.HEADING, named("plans-daily"))).isVisible();
        }
        var stored =
                scene.platform().get("/api/v1/groups/plans-daily").expect(200).json();
        assertThat(stored.at("/tasks/0/path").asString()).isEqualTo("/sync/plans");
        assertThat(stored.path("description").asString()).isEqualTo("Plans of the day");
    }

    /** From a cold overview the cause is two clicks away, and the retry three. */
    @Test
    void aFailedRunIsUnderstoodInTwoClicksRetriedInThreeAndEndsWell() {
        var run = scene.failing(() -> scene.failedRun("customers"));
        try (var browser = chromium.person()) {
            var page = scene.signIn(browser, "ana");
            var clicks = new Clicks(page);
            var row = page.locator("#attention tr", new Page.LocatorOptions().setHasText("customers"))
                    .first();
            row.waitFor();
            clicks.on(row.locator("a[href='/runs/" + run + "']").first());
            assertThat(page.locator("main .notice").first()).containsText("CRM is down for maintenance");
            assertThat(clicks.made).isLessThanOrEqualTo(2);

            scene.repair();
            clicks.on(link(page, "Retry failed").first());
            page.getByLabel("Reason").fill("the CRM is back");
            page.getByRole(AriaRole.DIALOG).locator("button.primary").click();

            assertThat(clicks.made).as("clicks until the retry is asked for").isLessThanOrEqualTo(3);
            assertThat(page.locator(".title .state")).hasText("COMPLETED");
            assertThat(page.locator("#history")).containsText("the CRM is back");
        }
        assertThat(scene.platform().run(run).path("state").asString()).isEqualTo("COMPLETED");
    }

    @Test
    void anAlertIsAcknowledgedWithANoteThatStays() {
        scene.failing(() -> scene.failedRun("suppliers"));
        var alert = await().atMost(SOON).until(() -> alertOf("suppliers"), found -> found != null);
        try (var browser = chromium.person()) {
            var page = scene.signIn(browser, "ana");
            page.locator(".rail [data-key=alerts]").click();
            var row = page.locator("tr[data-row-id='" + alert.path("alertId").asString() + "']");
            row.locator("summary").click();
            row.getByLabel("Note").fill("waits for the CRM");
            row.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Acknowledge"))
                    .click();

            page.waitForURL(Pattern.compile(".*/alerts/" + alert.path("alertId").asString()));
            assertThat(page.locator("#alert")).containsText("waits for the CRM");
        }
        assertThat(alertOf("suppliers").path("state").asString()).isEqualTo("ACKNOWLEDGED");
    }

    /** A part of the page that is fetched anew while somebody types there stays as it is. */
    @Test
    void whatIsTypedIsNotTakenAwayByAnAnswerThatWasOnItsWay() {
        scene.failing(() -> scene.failedRun("carriers"));
        await().atMost(SOON).until(() -> alertOf("carriers") != null);
        try (var browser = chromium.person()) {
            var page = scene.signIn(browser, "ana");
            var held = new AtomicReference<Route>();
            page.route(scene.url() + "/alerts", route -> {
                if (route.request().headers().containsKey("x-live") && held.get() == null) {
                    held.set(route);
                } else {
                    route.resume();
                }
            });
            page.navigate(scene.url() + "/alerts");
            page.locator("#live[data-state=live]").waitFor();
            var alert = alertOf("carriers").path("alertId").asString();
            scene.platform()
                    .post("/api/v1/alerts/" + alert + "/acknowledge", Map.of("reason", "seen elsewhere"))
                    .expect(200, 204);
            page.waitForCondition(() -> held.get() != null, new Page.WaitForConditionOptions().setTimeout(30_000));

            page.locator("tr[data-row-id='" + alert + "'] summary").click();
            var note = page.locator("tr[data-row-id='" + alert + "'] input[name=reason]");
            note.fill("half a sent");
            page.locator("h1").click();
            page.waitForResponse(
                            answer -> answer.request().headers().containsKey("x-live"),
                            () -> held.get().resume())
                    .finished();
            page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");

            assertThat(note).hasValue("half a sent");
        }
    }

    private static JsonNode alertOf(String group) {
        var found = scene.platform()
                .get("/api/v1/alerts?group=" + group)
                .expect(200)
                .json()
                .path("items");
        return found.isEmpty() ? null : found.get(0);
    }

    @Test
    void aCredentialIsRotatedWhileBothAreValidAndTheOldOneIsRetired() {
        try (var browser = chromium.person()) {
            var page = scene.signIn(browser, "ada");
            page.navigate(scene.url() + "/systems/crm");
            var before = page.locator("#system-facts td[data-label='Secret']").textContent();
            link(page, "Rotate sync").click();
            page.locator("#password").fill("second-of-its-kind-2");
            button(page, "Rotate sync").click();
            var row = page.locator("#system-facts tbody tr").first();
            assertThat(row).containsText("both valid");
            assertThat(row.locator("td[data-label='Secret']").textContent()).isNotEqualTo(before);
            assertThat(page.content()).doesNotContain("second-of-its-kind-2");

            link(page, "Retire the old one of sync").click();
            page.getByRole(AriaRole.DIALOG).locator("button.primary").waitFor();
            var reason = page.getByRole(AriaRole.DIALOG).getByLabel("Reason");
            if (reason.count() > 0) {
                reason.fill("it is no longer in use");
            }
            page.getByRole(AriaRole.DIALOG).locator("button.primary").click();

            assertThat(page.locator("#system-facts tbody tr").first().locator("td[data-label='The one before']"))
                    .containsText("none");
        }
        assertThat(scene.platform().get("/api/v1/audit?object=crm").expect(200).text())
                .doesNotContain("second-of-its-kind-2");
    }

    @Test
    void whoSavesAGroupSecondSeesBothVersionsFieldByFieldAndLosesNothing() {
        scene.putGroup("shared-group", Map.of("owner", "sales"), PortalScene.task("load", "SYNC", "/sync/a"));
        try (var first = chromium.person();
                var second = chromium.person()) {
            var ed = scene.signIn(first, "ed");
            var bo = scene.signIn(second, "bo");
            ed.navigate(scene.url() + "/groups/shared-group/edit");
            bo.navigate(scene.url() + "/groups/shared-group/edit");
            ed.locator("#f-owner").fill("data-platform");
            save(ed, "sales has handed it over");
            bo.locator("#f-description").fill("Shared by two");
            save(bo, "it says what it is");

            assertThat(bo.getByRole(AriaRole.HEADING, named("shared-group has changed meanwhile")))
                    .isVisible();
            assertThat(bo.locator("tr", new Page.LocatorOptions().setHasText("owner"))
                            .getByLabel("take theirs"))
                    .isChecked();
            assertThat(bo.locator("tr", new Page.LocatorOptions().setHasText("description"))
                            .getByLabel("keep mine"))
                    .isChecked();
            button(bo, "Take these, and look again").click();
            save(bo, "both of us");

            assertThat(bo.getByRole(AriaRole.HEADING, named("shared-group"))).isVisible();
        }
        var stored = scene.platform().get("/api/v1/groups/shared-group").json();
        assertThat(List.of(
                        stored.path("owner").asString(),
                        stored.path("description").asString()))
                .containsExactly("data-platform", "Shared by two");
    }

    private static void save(Page page, String reason) {
        if (page.locator("#editor").count() > 0) {
            button(page, "Review & save").first().click();
        }
        page.getByLabel("Reason").fill(reason);
        page.locator("main form button.primary").click();
    }

    @Test
    void anOperatorRetriesByKeysAlone() {
        scene.failing(() -> scene.failedRun("partners"));
        scene.repair();
        try (var browser = chromium.person()) {
            var page = browser.newPage();
            page.navigate(scene.url() + "/sign-in");
            assertThat(page.locator("#username")).isFocused();
            page.keyboard().type("ana");
            page.keyboard().press("Tab");
            page.keyboard().type(PortalScene.PASSWORD);
            page.keyboard().press("Enter");
            page.waitForURL(scene.url() + "/");
            page.keyboard().press("g");
            page.keyboard().press("r");
            page.waitForURL(Pattern.compile(".*/runs.*"));
            page.keyboard().press("/");
            page.keyboard().type("partners");
            page.keyboard().press("Enter");
            page.waitForURL(Pattern.compile(".*(search|groups/partners).*"));
            page.navigate(scene.url() + "/runs?group=partners");
            tabTo(page, "#row-" + runOf("partners") + " a.mono");
            page.keyboard().press("Enter");
            page.waitForURL(Pattern.compile(".*/runs/" + runOf("partners") + ".*"));
            tabTo(page, "a:text-is('Retry failed')");
            page.keyboard().press("Enter");
            page.getByRole(AriaRole.DIALOG).waitFor();
            page.keyboard().type("by keys");
            page.keyboard().press("Enter");

            assertThat(page.locator(".title .state")).hasText("COMPLETED");
        }
    }

    private static String runOf(String group) {
        return scene.platform()
                .get("/api/v1/runs?group=" + group)
                .json()
                .at("/items/0/runId")
                .asString();
    }

    private static void tabTo(Page page, String selector) {
        var wanted = page.locator(selector).first();
        wanted.waitFor();
        for (int stops = 0; stops < 200; stops++) {
            if ((Boolean) wanted.evaluate("one => one === document.activeElement")) {
                return;
            }
            page.keyboard().press("Tab");
        }
        throw new AssertionError("no tab stop " + selector);
    }

    @Test
    void aPartOfANameLeadsAnywhereByKeysAloneAndTheFocusComesBack() {
        scene.putGroup("palette-group", Map.of(), PortalScene.task("load", "SYNC", "/sync/a"));
        try (var browser = chromium.person()) {
            var page = scene.signIn(browser, "ed");
            page.locator("#search").focus();

            page.keyboard().press("Control+k");
            assertThat(page.locator("#go-text")).isFocused();
            page.keyboard().press("Escape");
            assertThat(page.locator("#search")).isFocused();

            page.keyboard().press("Control+k");
            assertThat(page.locator("#go-text")).isFocused();
            page.keyboard().type("palette-gr");
            assertThat(page.locator("#go-hits a")).hasCount(1);
            assertThat(faults(page)).isEmpty();
            page.keyboard().press("ArrowDown");
            assertThat(page.locator("#go-hits a")).isFocused();
            page.keyboard().press("ArrowUp");
            page.keyboard().press("Enter");
            page.waitForURL(scene.url() + "/groups/palette-group");
        }
    }

    @Test
    void theNarrowRailSaysNamesOnFocus() {
        try (var browser = chromium.person()) {
            var page = scene.signIn(browser, "ed");
            var name = page.locator(".rail [data-key=systems] .name");
            var wide = name.boundingBox().width;
            page.locator(".rail-width button").click();
            page.waitForURL(scene.url() + "/");
            assertThat(page.locator("main").boundingBox().x).isLessThan(60);
            assertThat(name.boundingBox().width).isLessThan(2);

            tabTo(page, ".rail [data-key=systems]");

            assertThat(name.boundingBox().width).isGreaterThan(wide / 2);
            assertThat(faults(page)).isEmpty();
        }
    }

    private static List<Rule> faults(Page page) {
        return new AxeBuilder(page)
                .withTags(List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"))
                .analyze()
                .getViolations();
    }

    @Test
    void aRunIsReadAndRetriedWithoutScripts() {
        var run = scene.failing(() -> scene.failedRun("vendors"));
        scene.repair();
        try (var browser = chromium.person(new Browser.NewContextOptions().setJavaScriptEnabled(false))) {
            var page = scene.signIn(browser, "ana");
            page.locator("#attention a[href='/runs/" + run + "']").first().click();
            assertThat(page.locator("main .notice").first()).containsText("CRM is down for maintenance");
            link(page, "Retry failed").first().click();
            page.getByLabel("Reason").fill("without scripts");
            page.locator("main form button.primary").click();
            await().atMost(SOON).untilAsserted(() -> {
                page.reload();
                assertThat(page.locator(".title .state").textContent()).isEqualTo("COMPLETED");
            });
        }
    }

    @Test
    void aPageThatIsOpenShowsWhatHappensMeanwhile() {
        scene.failing(() -> scene.failedRun("branches"));
        scene.repair();
        try (var browser = chromium.person()) {
            var page = scene.signIn(browser, "ana");
            page.navigate(scene.url() + "/runs/" + runOf("branches"));
            assertThat(page.locator(".title .state")).hasText("FAILED");
            page.navigate(scene.url() + "/runs?all=true");
            page.locator("#live[data-state=live]").waitFor();
            var shown = page.locator("tr[data-row-id]").count();

            var fresh = scene.start("branches", "live-1");

            page.locator("a.pill:visible").waitFor();
            assertThat(page.locator("tr[data-row-id]").count())
                    .as("nothing is pushed away")
                    .isEqualTo(shown);
            page.locator("a.pill:visible").click();
            assertThat(page.locator("#row-" + fresh + " .state")).hasText("COMPLETED");
        }
    }

    private static Locator link(Page page, String name) {
        return page.getByRole(AriaRole.LINK, named(name).setExact(true));
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(AriaRole.BUTTON, named(name).setExact(true));
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name);
    }

    /** Counts what a person presses. */
    private static final class Clicks {

        private final Page page;
        private int made;

        private Clicks(Page page) {
            this.page = page;
        }

        private void on(Locator target) {
            made++;
            target.click();
            page.waitForLoadState();
        }
    }
}
