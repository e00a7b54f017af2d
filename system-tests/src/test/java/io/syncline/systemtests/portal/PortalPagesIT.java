package io.syncline.systemtests.portal;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import nu.validator.client.EmbeddedValidator;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.SAXException;

/** Every page of the portal with something of everything on it, in a real browser. */
class PortalPagesIT {

    private static final List<String> RULES = List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa");
    private static final List<String> RULES_OF_COLOURS = List.of("color-contrast", "link-in-text-block");
    private static final int WIDE = 1280;
    private static final int NARROW = 320;
    private static final int HIGH = 900;
    private static final long VALIDATOR_STACK = 256L << 20;

    /** Pages that nothing but typing their address leads to in one click from a list. */
    private static final List<String> PAGES = List.of(
            "/",
            "/?show=all",
            "/runs",
            "/runs?all=true",
            "/runs?state=FAILED&all=true&businessKey=nothing-has-this",
            "/triggers",
            "/groups",
            "/groups/new",
            "/groups/simulate",
            "/groups/customer-sync",
            "/groups/customer-sync/edit",
            "/groups/customer-sync/versions",
            "/groups/customer-sync/versions/1",
            "/groups/customer-sync/start",
            "/groups/customer-sync/pause",
            "/groups/customer-sync/delete",
            "/groups/customer-sync/tasks/load/test-call",
            "/groups/nightly",
            "/systems",
            "/systems/crm",
            "/systems/crm/edit",
            "/systems/crm/credential",
            "/systems/crm/credential?type=basic",
            "/systems/crm/credentials/sync/rotate",
            "/systems/crm/credentials/sync/remove",
            "/new/system",
            "/destinations",
            "/alerts",
            "/alerts?state=all",
            "/alerts/rules",
            "/alerts/silences",
            "/alerts/silences/new",
            "/alerts/channels",
            "/alerts/channels/team",
            "/alerts/channels/team/edit",
            "/alerts/channels/new",
            "/schedule",
            "/data",
            "/data?set=nothing-has-this",
            "/data/extracts/" + DataFakes.EXTRACT,
            "/delivery",
            "/delivery/messages",
            "/sla",
            "/sla?group=invoice-export&range=7",
            "/sla?group=customer-sync&objective=99.9",
            "/settings/config",
            "/schedule/calendars",
            "/schedule/calendars/bank-holidays",
            "/schedule/calendars/new",
            "/audit",
            "/audit/verify",
            "/settings/users",
            "/settings/users/new",
            "/settings/users/ana",
            "/settings/clients",
            "/settings/clients/billing-upstream",
            "/new/client",
            "/settings/keys",
            "/settings/issuers",
            "/settings/changes",
            "/search?q=customer",
            "/go",
            "/go?q=al",
            "/go?q=nothing-is-called-this",
            "/settings/users/ana/reset",
            "/settings/users/ana/delete",
            "/alerts/channels/team/delete",
            "/schedule/calendars/bank-holidays/delete",
            "/account",
            "/runs/00000000-0000-7000-8000-000000000000");

    /** Where each row leads to a page that no address of above names. */
    private static final Map<String, String> ROWS = Map.of(
            "/runs?all=true", "main td a[href^='/runs/']",
            "/triggers", "main a[href^='/triggers/']",
            "/alerts?state=all", "main a[href^='/alerts/0']");

    @TempDir
    private static Path home;

    private static Chromium chromium;
    private static PortalScene scene;
    private static Set<String> pages;
    private static final Map<String, Look> looks = new LinkedHashMap<>();
    private static List<String> complaints;

    @BeforeAll
    static void start() {
        chromium = Chromium.start();
        scene = PortalScene.onH2(home);
        scene.everything();
        pages = new LinkedHashSet<>(PAGES);
        var browser = chromium.person();
        var page = scene.signIn(browser, "ada");
        ROWS.forEach((list, rows) -> {
            page.navigate(scene.url() + list);
            var found = page.locator(rows).all().stream()
                    .map(link -> link.getAttribute("href"))
                    .filter(address -> !address.contains("?"))
                    .toList();
            assertThat(found).as(list).isNotEmpty();
            pages.addAll(found);
        });
        page.navigate(scene.url() + "/runs?state=FAILED&all=true");
        page.locator("main a.mono").first().click();
        pages.add(URI.create(page.url()).getPath());
        pages.add(URI.create(page.url()).getPath() + "?show=failed");
        pages.add(URI.create(page.url()).getPath() + "?show=pending");
        page.locator("main a[href*='call=']").all().forEach(link -> pages.add(link.getAttribute("href")));
        page.locator("main a[data-dialog]").all().forEach(link -> pages.add(link.getAttribute("href")));
        chromium.complaints();
        page.addInitScript(AxeBuilder.getAxeScript());
        page.setViewportSize(WIDE, HIGH);
        for (var address : pages) {
            page.navigate(scene.url() + address);
            looks.put(address, Look.at(page));
        }
        complaints = chromium.complaints();
        browser.close();
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

    @Test
    void axeFindsNothingOnAnyPageInEitherTheme() {
        var found = new SoftAssertions();
        looks.forEach((address, look) -> {
            found.assertThat(look.light()).as("light " + address).isEmpty();
            found.assertThat(look.dark()).as("dark " + address).isEmpty();
        });
        found.assertThat(complaints).as("the browser's console").isEmpty();
        found.assertAll();
    }

    @Test
    void noPageIsWiderThanAScreenOf320Pixels() {
        var found = new SoftAssertions();
        looks.forEach(
                (address, look) -> found.assertThat(look.tooWide()).as(address).isEmpty());
        found.assertAll();
    }

    /** The first stop skips what is the same everywhere, and every stop is seen to be one. */
    @Test
    void everyPageIsReachedAndSeenByKeysAlone() {
        var found = new SoftAssertions();
        looks.forEach((address, look) -> {
            found.assertThat(look.firstStop()).as("first stop of " + address).isEqualTo("skip");
            found.assertThat(look.unseenStops())
                    .as("stops of " + address + " that are not seen")
                    .isEmpty();
        });
        found.assertAll();
    }

    /** How a page looks and is reached; each list tells what is wrong. */
    private record Look(
            List<String> light, List<String> dark, List<String> tooWide, String firstStop, List<String> unseenStops) {

        static Look at(Page page) {
            var light = faults(page, "tag", RULES);
            Chromium.lookAt(page, "light");
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
            // The same document: what does not look at colours cannot find more than above.
            var dark = faults(page, "rule", RULES_OF_COLOURS);
            Chromium.lookAt(page, "dark");
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
            page.evaluate("document.activeElement.blur(); document.body.tabIndex = -1; document.body.focus();");
            page.keyboard().press("Tab");
            var firstStop = (String) page.evaluate("document.activeElement.className");
            var stops = ((Number) page.evaluate(STOPS)).intValue();
            var unseen = new ArrayList<String>();
            for (int stop = 1; stop < stops; stop++) {
                page.keyboard().press("Tab");
                var hidden = (String) page.evaluate(UNSEEN);
                if (hidden != null) {
                    unseen.add(hidden);
                }
            }
            page.setViewportSize(NARROW, HIGH);
            var tooWide = strings(page.evaluate(TOO_WIDE, NARROW));
            Chromium.lookAt(page, "narrow");
            page.setViewportSize(WIDE, HIGH);
            return new Look(light, dark, tooWide, firstStop, unseen);
        }

        private static List<String> faults(Page page, String kind, List<String> rules) {
            return strings(page.evaluate(AXE, Map.of("type", kind, "values", rules)));
        }

        private static List<String> strings(Object found) {
            return ((List<?>) found).stream().map(Object::toString).toList();
        }

        private static final String AXE = """
                only => axe.run(document, { runOnly: only, resultTypes: ['violations'] }).then(found => found.violations
                  .flatMap(rule => rule.nodes.map(node => rule.id + ': ' + node.html.slice(0, 200))))""";

        /** What reaches beyond the window, the innermost of it, what scrolls by itself left out. */
        private static final String TOO_WIDE = """
                wanted => document.documentElement.scrollWidth <= wanted ? [] : [
                  document.documentElement.scrollWidth + ' pixels',
                  ...Array.from(document.querySelectorAll('body *'))
                    .filter(one => one.getBoundingClientRect().right > wanted && !one.closest('.scroll, pre, svg'))
                    .filter((one, at, all) => !all.some(other => other !== one && one.contains(other)))
                    .slice(0, 3).map(one => one.outerHTML.slice(0, 160))]""";

        /** How many things of a page take the focus; 60 are enough to know a long list by. */
        private static final String STOPS = """
                () => Math.min(60, Array.from(document.querySelectorAll(
                    'a[href], button:not([disabled]), input:not([type=hidden]):not([disabled]), select, textarea, summary, [tabindex="0"]'))
                  .filter(one => one.tabIndex >= 0 && one.checkVisibility()).length)""";

        /** The focused element, where it has no outline or another element lies over it. */
        private static final String UNSEEN = """
                () => {
                  const one = document.activeElement;
                  if (one === document.body) return null;
                  const style = getComputedStyle(one), box = one.getBoundingClientRect();
                  const ringed = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
                  const on = box.bottom > 0 && box.top < innerHeight && box.width > 0;
                  if (!on) return 'out of the window: ' + one.outerHTML.slice(0, 120);
                  const covers = part => {
                    const top = document.elementFromPoint(
                      Math.min(innerWidth - 1, Math.max(0, box.left + box.width * part)),
                      Math.min(innerHeight - 1, Math.max(0, box.top + Math.min(box.height / 2, 10))));
                    return top && top !== one && !one.contains(top) && !top.contains(one) && !top.closest('label') ? top : null;
                  };
                  const over = [0.02, 0.25, 0.5, 0.75, 0.98].map(covers);
                  if (!ringed) return 'no ring: ' + one.outerHTML.slice(0, 120);
                  return over.every(top => top) ? 'under ' + over[2].outerHTML.slice(0, 80) + ': ' + one.outerHTML.slice(0, 120) : null;
                }""";
    }

    @Test
    void theHtmlIsValid() throws IOException, InterruptedException {
        var browser = chromium.person();
        var found = new SoftAssertions();
        var page = scene.signIn(browser, "ada");
        var documents = new LinkedHashMap<String, byte[]>();
        for (var address :
                Stream.concat(pages.stream(), Stream.of("/sign-in", "/set-up")).toList()) {
            documents.put(address, page.request().get(scene.url() + address).body());
        }
        // The schema is walked by recursion, for which a usual stack is too small.
        var validator = new EmbeddedValidator();
        validator.setOutputFormat(EmbeddedValidator.OutputFormat.GNU);
        var validating = new Thread(
                null,
                () -> documents.forEach((address, html) ->
                        found.assertThat(faults(validator, html)).as(address).isEmpty()),
                "vnu",
                VALIDATOR_STACK);
        validating.start();
        validating.join();
        browser.close();
        found.assertAll();
    }

    private static String faults(EmbeddedValidator validator, byte[] html) {
        try {
            return validator
                    .validate(new ByteArrayInputStream(html))
                    .lines()
                    .filter(line -> !line.contains(": info:"))
                    .collect(Collectors.joining("\n"));
        } catch (IOException | SAXException trouble) {
            return trouble.toString();
        }
    }

    /** Without colour the shapes of the states differ, each from each. */
    @Test
    void everyStateIsToldWithoutColour() throws IOException {
        var shapes = List.of(
                "ring",
                "half-disc",
                "clock-ring",
                "again",
                "tick",
                "manual-tick",
                "triangle",
                "octagon",
                "octagon-clock",
                "barred-ring",
                "chevrons",
                "bars",
                "question");
        var browser = chromium.person();
        var page = scene.signIn(browser, "ada");
        page.evaluate("""
                shapes => {
                  document.documentElement.style.filter = 'grayscale(1)';
                  document.querySelector('main').innerHTML = shapes.map(shape =>
                    `<p><span class="state neutral" id="shown-${shape}"><svg class="shape"><use href="#${shape}"/></svg></span></p>`).join('');
                }""", shapes);
        var pictures = new LinkedHashMap<String, BufferedImage>();
        for (var shape : shapes) {
            var bytes = page.locator("#shown-" + shape + " svg").screenshot();
            pictures.put(shape, ImageIO.read(new ByteArrayInputStream(bytes)));
        }
        browser.close();
        var found = new SoftAssertions();
        pictures.forEach((one, picture) -> pictures.forEach((other, beside) -> {
            if (one.compareTo(other) < 0) {
                found.assertThat(difference(picture, beside))
                        .as(one + " and " + other)
                        .isGreaterThan(0.04);
            }
        }));
        found.assertAll();
    }

    /** The share of grey that differs between two pictures of a shape, from 0 to 1. */
    private static double difference(BufferedImage one, BufferedImage other) {
        int width = Math.min(one.getWidth(), other.getWidth());
        int height = Math.min(one.getHeight(), other.getHeight());
        double sum = 0;
        for (int x = 0; x < width; x++) {
            for (int y = 0; y < height; y++) {
                sum += Math.abs((one.getRGB(x, y) & 0xff) - (other.getRGB(x, y) & 0xff)) / 255.0;
            }
        }
        return sum / (width * height);
    }

    @Test
    void theMainPagesAreAsInTheirPictures() {
        for (var theme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            var browser = chromium.person(
                    new Browser.NewContextOptions().setColorScheme(theme).setViewportSize(WIDE, HIGH));
            var page = scene.signIn(browser, "ana");
            var suffix = theme == ColorScheme.DARK ? "-dark" : "";
            assertThat(page.locator("#attention tbody tr").count()).isPositive();
            Chromium.picture(page, "portal-overview" + suffix);
            page.navigate(scene.url() + "/runs?all=true");
            assertThat(page.locator("main tbody tr").count()).isGreaterThan(8);
            Chromium.picture(page, "portal-runs" + suffix);
            page.navigate(scene.url() + "/runs?state=FAILED&group=customer-sync&all=true");
            page.locator("main a.mono").first().click();
            assertThat(page.locator("#story").textContent()).contains("What happened");
            Chromium.picture(page, "portal-run" + suffix);
            page.navigate(scene.url() + "/triggers");
            Chromium.picture(page, "portal-triggers" + suffix);
            page.navigate(scene.url() + "/schedule");
            Chromium.picture(page, "portal-schedule" + suffix);
            page.navigate(scene.url() + "/data");
            Chromium.picture(page, "portal-data" + suffix);
            page.navigate(scene.url() + "/sla?group=invoice-export&range=7");
            Chromium.picture(page, "portal-sla" + suffix);
            browser.close();
        }
        var browser = chromium.person(new Browser.NewContextOptions().setViewportSize(WIDE, HIGH));
        var page = scene.signIn(browser, "ed");
        page.navigate(scene.url() + "/groups/customer-sync/edit");
        assertThat(page.locator("#document").inputValue()).contains("key: customer-sync");
        Chromium.picture(page, "portal-editor");
        browser.close();
    }
}
