package io.syncline.systemtests;

import io.syncline.systemtests.demo.Day;
import io.syncline.systemtests.process.Project;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** The published data sets, where a machine has them; a test that needs them is skipped, and says so, elsewhere. */
public final class SampleData {

    private SampleData() {}

    /** Where they would be. */
    static Path folder() {
        var told = System.getenv("SYNCLINE_SAMPLE_DATA");
        return told == null ? Project.root().resolve("../shared/data").normalize() : Path.of(told);
    }

    static Path calls() {
        var calls = folder().resolve("nodobo-cdr/calls.csv.gz");
        Assumptions.assumeTrue(
                Files.exists(calls), () -> "no sample data at " + calls + "; SYNCLINE_SAMPLE_DATA names its folder");
        return calls;
    }

    static Path folderWith(String part) {
        var folder = folder();
        Assumptions.assumeTrue(
                Files.isDirectory(folder.resolve(part)),
                () -> "no sample data in " + folder + "; SYNCLINE_SAMPLE_DATA names its folder");
        return folder;
    }

    public static List<Day> airportDays() {
        return Day.under(folderWith("ourairports-daily"));
    }
}
