package io.syncline.portal.page;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands around every page.
 *
 * @param environment in words on the strip at the top; null: no strip
 * @param isProduction the strip says so in its own way
 * @param theme {@code light}, {@code dark}, or {@code auto}, which follows the reader's system
 * @param zoneChoice what the reader chose: {@code UTC}, {@code browser}, or a name of the tz database
 * @param singleKeys whether single letters are shortcuts
 * @param narrowRail whether the rail shows icons, and names on focus alone
 * @param address of this page with its query
 */
public record Frame(
        List<Place> places,
        @Nullable String environment,
        boolean isProduction,
        String theme,
        String zoneChoice,
        Moments moments,
        boolean singleKeys,
        boolean narrowRail,
        String address) {

    public List<String> zoneChoices() {
        var standing = List.of("UTC", "browser");
        return standing.contains(zoneChoice) ? standing : List.of("UTC", "browser", zoneChoice);
    }
}
