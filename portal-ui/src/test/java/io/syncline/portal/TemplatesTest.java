package io.syncline.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What holds for every template, whatever data fill it. */
class TemplatesTest {

    private static final Path TEMPLATES = Path.of("src/main/resources/templates");
    private static final Pattern SCROLLED = Pattern.compile("<div [^>]*class=\"scroll[^>]*>");
    private static final Pattern DIV = Pattern.compile("<(/?)div\\b");
    private static final Pattern TAKES_FOCUS = Pattern.compile("<(a|button|input|select|textarea)\\b");

    /** Who has keys alone scrolls what has the focus: an element inside, or else the region itself. */
    @Test
    void whatScrollsSidewaysTakesTheFocus() throws IOException {
        var found = new ArrayList<String>();
        var looked = 0;
        try (var files = Files.list(TEMPLATES)) {
            for (var file : files.sorted().toList()) {
                var html = Files.readString(file);
                for (var region : SCROLLED.matcher(html).results().toList()) {
                    looked++;
                    var inside = html.substring(region.end(), endOf(html, region.start()));
                    if (!TAKES_FOCUS.matcher(inside).find() && !region.group().contains("tabindex=\"0\"")) {
                        found.add(file.getFileName() + ": " + region.group());
                    }
                }
            }
        }
        assertThat(looked).isGreaterThan(30);
        assertThat(found).isEmpty();
    }

    private static int endOf(String html, int start) {
        var depth = 0;
        var tags = DIV.matcher(html);
        tags.region(start, html.length());
        while (tags.find()) {
            depth += tags.group(1).isEmpty() ? 1 : -1;
            if (depth == 0) {
                return tags.start();
            }
        }
        throw new IllegalArgumentException("a div without an end at " + start);
    }
}
