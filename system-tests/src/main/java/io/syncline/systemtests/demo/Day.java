package io.syncline.systemtests.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One day's files: dataset to CSV file. */
public record Day(String date, Map<String, Path> files) {

    public static final List<String> DATASETS =
            List.of("runways", "airport-frequencies", "navaids", "regions", "countries");
    private static final String FOLDER = "ourairports-daily";

    /** Every complete day under {@code data/ourairports-daily}, oldest first. */
    public static List<Day> under(Path data) {
        var folder = data.resolve(FOLDER);
        if (!Files.isDirectory(folder)) {
            throw new DemoOptions.WrongOptionException("--data: no folder " + folder);
        }
        var days = new ArrayList<Day>();
        try (var dates = Files.list(folder)) {
            dates.filter(Files::isDirectory).sorted().forEach(date -> days.add(in(date)));
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
        if (days.isEmpty()) {
            throw new DemoOptions.WrongOptionException("--data: no DATE folder in " + folder);
        }
        return days;
    }

    private static Day in(Path folder) {
        var files = new LinkedHashMap<String, Path>();
        for (var dataset : DATASETS) {
            var file = folder.resolve(dataset + ".csv.gz");
            if (!Files.exists(file)) {
                throw new DemoOptions.WrongOptionException("--data: " + file + " is missing");
            }
            files.put(dataset, file);
        }
        return new Day(folder.getFileName().toString(), files);
    }
}
