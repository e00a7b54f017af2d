package io.syncline.systemtests.bench;

import io.syncline.systemtests.process.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The memory of a service, by its log of garbage collections and by the operating system. */
final class ServiceHeap {

    private static final Pattern PAUSE = Pattern.compile("Pause .*?(\\d+)M->(\\d+)M\\((\\d+)M\\)");
    private static final String MOST = "VmHWM";
    private static final String NOW = "VmRSS";

    private final String name;
    private final Path log;
    private int linesTaken;

    ServiceHeap(String name, Path folder) {
        this.name = name;
        this.log = folder.resolve(name + "-gc.log");
    }

    String name() {
        return name;
    }

    /** With this heap at most, and the log that is read here. */
    List<String> jvm(int megabytes) {
        return new ArrayList<>(List.of(
                "-Xmx" + megabytes + "m", "-XX:MaxDirectMemorySize=64m", "-Xlog:gc:file=" + log + "::filecount=0"));
    }

    /** Most megabytes that were left after a collection since this was asked for the last time; 0 where there was none. */
    int takeMostAfterCollection() throws IOException {
        var lines = Files.readAllLines(log);
        int most = most(lines.subList(Math.min(linesTaken, lines.size()), lines.size()));
        linesTaken = lines.size();
        return most;
    }

    /** Most megabytes that were left after a collection so far. */
    int mostAfterCollection() throws IOException {
        return most(Files.readAllLines(log));
    }

    private static int most(List<String> lines) {
        int most = 0;
        for (var line : lines) {
            var pause = PAUSE.matcher(line);
            if (pause.find()) {
                most = Math.max(most, Integer.parseInt(pause.group(2)));
            }
        }
        return most;
    }

    /** Most megabytes that the whole process held so far; 0 where the system does not say. */
    static int mostResident(ServiceProcess process) throws IOException {
        return megabytes(process, MOST);
    }

    /** Megabytes that the whole process holds; 0 where the system does not say. */
    static int resident(ServiceProcess process) throws IOException {
        return megabytes(process, NOW);
    }

    private static int megabytes(ServiceProcess process, String measure) throws IOException {
        var status = Path.of("/proc", String.valueOf(process.pid()), "status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith(measure + ":"))
                .mapToInt(line -> Integer.parseInt(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(0);
    }
}
