package io.syncline.systemtests;

import io.syncline.systemtests.load.Counts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * The published graph of who follows whom, counted from its file alone: each link counts both ways. The first users of it
 * are taken, and all 37,700 with {@code -Dsyncline.tests.graph-users=37700}.
 *
 * @param counts of each user
 * @param follows of all users
 */
record FollowGraph(Map<String, Counts> counts, long follows) {

    private static final int ALL = 37_700;
    private static final int USERS = Integer.getInteger("syncline.tests.graph-users", 2_000);

    /** From the start of the provider until all is loaded. */
    static final Duration WITHIN = USERS == ALL ? Duration.ofMinutes(15) : Duration.ofSeconds(90);

    /** With which the provider loads it, and few of the tweets; none where the data are missing. */
    static List<String> settings() {
        var folder = SampleData.folder();
        return Files.isDirectory(folder.resolve("github-follow-graph"))
                        && Files.isDirectory(folder.resolve("tweets-538"))
                ? List.of(
                        "syncline.provider.sample.folder=" + folder,
                        "syncline.provider.sample.max-users=" + USERS,
                        "syncline.provider.sample.max-tweets=20",
                        "syncline.provider.sample.max-likes=2")
                : List.of();
    }

    static FollowGraph read() throws IOException {
        var file = SampleData.folderWith("github-follow-graph").resolve("github-follow-graph/git_edges.csv.gz");
        var counts = new HashMap<String, Counts>();
        for (int user = 0; user < USERS; user++) {
            counts.put(String.valueOf(user), Counts.NONE);
        }
        long follows = 0;
        try (var lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            lines.readLine(); // the header
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                var ends = line.strip().split(",");
                if (counts.containsKey(ends[0]) && counts.containsKey(ends[1])) {
                    for (var end : ends) {
                        counts.computeIfPresent(
                                end, (user, had) -> new Counts(0, had.following() + 1, had.followers() + 1, 0));
                    }
                    follows += 2;
                }
            }
        }
        return new FollowGraph(counts, follows);
    }

    int users() {
        return counts.size();
    }

    boolean isWhole() {
        return USERS == ALL;
    }

    String mostFollowed() {
        return counts.entrySet().stream()
                .max(Map.Entry.comparingByValue(java.util.Comparator.comparingLong(Counts::followers)))
                .orElseThrow()
                .getKey();
    }
}
