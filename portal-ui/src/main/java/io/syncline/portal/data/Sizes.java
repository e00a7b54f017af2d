package io.syncline.portal.data;

import java.util.Locale;

/** Bytes and times as the page writes them. */
final class Sizes {

    private static final long STEP = 1024;

    private Sizes() {}

    static String bytes(long bytes) {
        if (bytes < STEP) {
            return bytes + " B";
        }
        var units = new String[] {"KiB", "MiB", "GiB", "TiB"};
        double size = bytes;
        int unit = -1;
        while (size >= STEP && unit < units.length - 1) {
            size /= STEP;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", size, units[unit]);
    }

    static String millis(long millis) {
        return millis < 1000 ? millis + " ms" : String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }

    /** In one unit, as ages are told. */
    static String seconds(long seconds) {
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min";
        }
        return seconds < 86_400 ? seconds / 3600 + " h" : seconds / 86_400 + " d";
    }
}
