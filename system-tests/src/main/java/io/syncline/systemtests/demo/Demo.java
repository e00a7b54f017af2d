package io.syncline.systemtests.demo;

import io.syncline.systemtests.csv.CsvTable;
import io.syncline.systemtests.process.Project;
import io.syncline.systemtests.process.ServiceFailedException;
import io.syncline.systemtests.process.ServiceProcess;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** {@code ./demo}: the way from an upstream's message to a reconciled run, on one machine. */
public final class Demo {

    private static final Duration START_WITHIN = Duration.ofSeconds(60);
    private static final Duration RUN_WITHIN = Duration.ofMinutes(10);

    private final DemoOptions options;
    private final Screen screen;

    private Demo(DemoOptions options, Screen screen) {
        this.options = options;
        this.screen = screen;
    }

    public static void main(String[] words) {
        var out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        int exit;
        try {
            var options = DemoOptions.parse(List.of(words));
            if (options.help()) {
                out.print(DemoOptions.HELP);
                exit = 0;
            } else {
                exit = new Demo(options, new Screen(out, Boolean.getBoolean("syncline.terminal"))).run();
            }
        } catch (DemoOptions.WrongOptionException wrong) {
            out.println("demo: " + wrong.getMessage());
            out.println("      ./demo --help lists the options");
            exit = 2;
        } catch (ServiceFailedException failed) {
            if (!ServiceProcess.isStopping()) {
                out.println();
                out.println("demo: " + failed.getMessage() + "; its log ends:");
                failed.lastLogLines().forEach(line -> out.println("  | " + line));
            }
            exit = 1;
        } catch (RuntimeException trouble) {
            if (!ServiceProcess.isStopping()) {
                out.println();
                out.println("demo: " + trouble.getMessage());
            }
            exit = 1;
        }
        // The shutdown hook ends the services, on this way out and on Ctrl-C.
        System.exit(exit);
    }

    private int run() {
        DemoSystem.checkPorts(options);
        var home = home();
        var data = options.data();
        var days = data == null ? GeneratedDays.write(home.resolve("data")) : Day.under(data);
        try (var system = new DemoSystem(options, Project.root(), home)) {
            var began = System.nanoTime();
            screen.line("Starting two scheduler nodes, the provider, two consumers and the portal (logs in %s) ..."
                    .formatted(shortened(home)));
            var platform = system.start();
            screen.line("All six are ready after %d s.".formatted(secondsSince(began)));
            for (var process : system.processes()) {
                screen.line("  %-12s %s  pid %d".formatted(process.name(), process.url(), process.pid()));
            }
            var provider = new ProviderApi(system.providerUrl(), platform::token);
            var watch = new RunWatch(platform, screen, () -> failIfEnded(system));
            var allGood = true;
            Map<String, CsvTable> before = Map.of();
            for (var day : days) {
                screen.line("");
                screen.line("Day %s: loading five files into the provider ...".formatted(day.date()));
                var tables = new HashMap<String, CsvTable>();
                day.files().forEach((dataset, file) -> {
                    provider.load(dataset, file);
                    tables.put(dataset, CsvTable.read(file, "id"));
                });
                provider.announce(AirportsDaily.TYPE, day.date());
                var run = watch.awaitStart(AirportsDaily.GROUP, day.date(), START_WITHIN);
                var runId = run.path("runId").asString();
                screen.line("  trigger message received, run %s".formatted(runId));
                var ended = watch.follow(runId, RUN_WITHIN);
                var report = DayReport.of(day, ended, tables, before);
                report.lines().forEach(screen::line);
                report.troubles().forEach(trouble -> screen.line("  NOT RECONCILED: " + trouble));
                screen.line("  %s/runs/%s".formatted(system.portalUrl(), runId));
                allGood &= report.troubles().isEmpty();
                before = tables;
            }
            screen.line("");
            screen.line(allGood ? "Every run completed and reconciled." : "NOT every run completed and reconciled.");
            sayWhereToLook(system);
            if (!options.once()) {
                screen.line("Everything stays up; Ctrl-C ends it.");
                stayUp(system);
            }
            return allGood ? 0 : 1;
        }
    }

    private void sayWhereToLook(DemoSystem system) {
        screen.line("  Portal    %s   name %s   password %s"
                .formatted(system.portalUrl(), system.person(), system.personsPassword()));
        screen.line("  API       %s   client %s   secret %s"
                .formatted(system.platformUrl(), system.bootstrapClient(), system.bootstrapSecret()));
        screen.line("  OpenAPI   %s/v3/api-docs".formatted(system.platformUrl()));
    }

    private static void failIfEnded(DemoSystem system) {
        var ended = system.ended();
        if (ended != null) {
            throw ended.failure(ended.name() + " ended");
        }
    }

    private void stayUp(DemoSystem system) {
        var never = new CountDownLatch(1);
        try {
            while (!never.await(2, java.util.concurrent.TimeUnit.SECONDS)) {
                failIfEnded(system);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private Path home() {
        @Nullable Path told = options.home();
        try {
            if (told == null) {
                var stamp = LocalDateTime.now(ZoneOffset.UTC).format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
                return Files.createDirectories(
                        Project.root().resolve(".syncline").resolve("demo-" + stamp));
            }
            var home = told.toAbsolutePath().normalize();
            if (Files.isDirectory(home)) {
                try (var content = Files.list(home)) {
                    if (content.findAny().isPresent()) {
                        throw new DemoOptions.WrongOptionException("--home: %s is not empty".formatted(home));
                    }
                }
            }
            return Files.createDirectories(home);
        } catch (IOException trouble) {
            throw new UncheckedIOException("cannot use the home folder: " + trouble.getMessage(), trouble);
        }
    }

    private static Path shortened(Path folder) {
        var here = Path.of("").toAbsolutePath();
        return folder.startsWith(here) ? here.relativize(folder) : folder;
    }

    private static long secondsSince(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos).toSeconds();
    }
}
