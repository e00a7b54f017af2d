package io.syncline.systemtests.portal;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import io.syncline.systemtests.process.Project;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The machine's Chromium. What a page's console says of errors is kept, for no page may have any. */
final class Chromium implements AutoCloseable {

    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final double SLOWEST_MS = 15_000;

    private final Playwright playwright;
    private final Browser browser;
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    private Chromium(Path program) {
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(program)
                        .setArgs(List.of("--no-sandbox", "--disable-gpu")));
    }

    /** Skips the test where there is no Chromium; on CI that is a failure. */
    static Chromium start() {
        var program = find();
        if (program == null) {
            if (Boolean.parseBoolean(System.getenv("CI"))) {
                throw new AssertionError("no Chromium on this machine; the package is named chromium");
            }
            Assumptions.abort("no Chromium on this machine; the package is named chromium");
        }
        return new Chromium(program);
    }

    private static Path find() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    /** A browser of one person, who likes light pages. */
    BrowserContext person() {
        return person(new Browser.NewContextOptions().setColorScheme(ColorScheme.LIGHT));
    }

    BrowserContext person(Browser.NewContextOptions options) {
        var context = browser.newContext(options.setTimezoneId("UTC").setReducedMotion(ReducedMotion.REDUCE));
        context.setDefaultTimeout(SLOWEST_MS);
        context.onConsoleMessage(message -> {
            // A live stream may be cut at any time; the page says so itself and comes back.
            if (message.type().equals("error") && !message.location().contains("/live")) {
                complaints.add(message.page().url() + ": " + message.text());
            }
        });
        context.onWebError(error -> complaints.add(error.page().url() + ": " + error.error()));
        return context;
    }

    /** What pages complained of since the last look, answers other than 200 left out: these are the tests' own. */
    List<String> complaints() {
        var said = new ArrayList<>(complaints);
        complaints.clear();
        said.removeIf(line -> line.contains("the server responded with a status of"));
        return said;
    }

    /** A picture of the window for the documents, where {@code -Dsyncline.write-docs=true}; else none. */
    static void picture(Page page, String name) {
        if (Boolean.getBoolean("syncline.write-docs")) {
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(Project.root().resolve("docs/images").resolve(name + ".png")));
        }
    }

    /** The whole page for somebody to look at, in the folder that {@code -Dsyncline.pictures} names; else none. */
    static void lookAt(Page page, String suffix) {
        var folder = System.getProperty("syncline.pictures");
        if (folder != null) {
            var address = page.url().replaceFirst("^https?://[^/]*/", "").replaceAll("[^a-zA-Z0-9.=-]+", "_");
            page.screenshot(new Page.ScreenshotOptions()
                    .setFullPage(true)
                    .setPath(Path.of(folder, "page_" + address + "-" + suffix + ".png")));
        }
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
