package io.syncline.systemtests.load;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A histogram as a scrape shows it.
 *
 * @param within how many were at most so many seconds, by the upper end of each bucket
 */
public record ScrapedHistogram(NavigableMap<Double, Double> within) {

    private static final Pattern BUCKET = Pattern.compile("_bucket\\{(?:.*,)?le=\"([^\"]+)\".*} (\\S+)");

    /** All series of this name together. */
    public static ScrapedHistogram of(String scrape, String name) {
        var within = new TreeMap<Double, Double>();
        scrape.lines().filter(line -> line.startsWith(name + "_bucket{")).forEach(line -> {
            var bucket = BUCKET.matcher(line.substring(name.length()));
            if (bucket.find()) {
                var end =
                        bucket.group(1).equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bucket.group(1));
                within.merge(end, Double.parseDouble(bucket.group(2)), Double::sum);
            }
        });
        return new ScrapedHistogram(within);
    }

    public ScrapedHistogram plus(ScrapedHistogram other) {
        return combined(other, 1);
    }

    /** What came since the other was scraped. */
    public ScrapedHistogram since(ScrapedHistogram other) {
        return combined(other, -1);
    }

    private ScrapedHistogram combined(ScrapedHistogram other, int sign) {
        var sum = new TreeMap<>(within);
        other.within.forEach((end, count) -> sum.merge(end, sign * count, Double::sum));
        return new ScrapedHistogram(sum);
    }

    public long count() {
        return within.isEmpty() ? 0 : Math.round(within.lastEntry().getValue());
    }

    /** As Prometheus' {@code histogram_quantile} estimates it; the end of the last bounded bucket where it lies behind that. */
    public double quantile(double part) {
        double wanted = part * count();
        double start = 0;
        double before = 0;
        for (Map.Entry<Double, Double> bucket : within.entrySet()) {
            if (bucket.getValue() >= wanted && bucket.getValue() > before) {
                return bucket.getKey().isInfinite()
                        ? start
                        : start + (bucket.getKey() - start) * (wanted - before) / (bucket.getValue() - before);
            }
            start = bucket.getKey();
            before = bucket.getValue();
        }
        return Double.NaN;
    }
}
