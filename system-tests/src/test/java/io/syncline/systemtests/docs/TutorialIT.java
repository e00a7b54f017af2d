package io.syncline.systemtests.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.syncline.systemtests.Cluster;
import io.syncline.systemtests.process.Ports;
import io.syncline.systemtests.process.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tutorial, command by command as it stands there, in an empty folder. What differs: the ports and the secret of the
 * platform, and instead of being built there, the service comes from the sample's own module.
 */
@ExtendWith(Cluster.Shared.class)
class TutorialIT {

    private static final Path SAMPLE = Project.root().resolve("samples/tutorial");

    @Test
    void leadsFromAnEmptyFolderToAReconciledRun(Cluster cluster, @TempDir Path folder) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")), "curl is not installed");
        var service = "127.0.0.1:" + Ports.anyFree();
        var script = new StringBuilder("set -eu\n");
        for (var block : Page.read("tutorial.md").blocks()) {
            var text = block.text()
                    .replace("127.0.0.1:8090", service)
                    .replace("http://127.0.0.1:8080", cluster.publicUrl());
            if (block.isFile()) {
                write(folder.resolve("plans").resolve(block.file()), text);
            } else if (block.mark().equals("build")) {
                script.append("mkdir target\ncp '%s' target/\n".formatted(SAMPLE.resolve("target/plans-1.0.jar")));
            } else if (block.mark().startsWith("run")) {
                script.append(text.replace("CLIENT=demo-admin", "CLIENT=" + cluster.admin())
                        .replace("SECRET=...", "SECRET=" + cluster.adminSecret()));
            }
        }
        // The service ends with the script, wherever that stops.
        var commands = script.toString()
                .replace("service.log 2>&1 &\n", "service.log 2>&1 &\ntrap \"kill $! || true\" EXIT\n");

        var process = bash(commands, folder, port(service), cluster.publicUrl());

        var ended = process.waitFor(60, TimeUnit.SECONDS);
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        assertThat(ended).as(() -> "ended in time\n" + said(folder)).isTrue();
        assertThat(process.exitValue()).as(() -> said(folder)).isZero();
        var run = cluster.platform().newestRun("plans-daily", "2026-11-20").orElseThrow();
        assertThat(run.path("state").asString()).isEqualTo("COMPLETED");
        assertThat(cluster.platform()
                        .get("/api/v1/runs?group=plans-daily")
                        .json()
                        .path("items"))
                .hasSize(1);
        var reconciliation =
                cluster.platform().run(run.path("runId").asString()).at("/taskRuns/0/reconciliation");
        assertThat(reconciliation.path("expectedRows").asInt()).isEqualTo(3);
        assertThat(reconciliation.path("actualRows").asInt()).isEqualTo(3);
    }

    private static Process bash(String commands, Path folder, String port, String platformUrl) throws IOException {
        var bash = new ProcessBuilder("bash", "-c", commands)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.txt").toFile());
        // The jar was built with the tutorial's own.
        bash.environment().put("SERVER_PORT", port);
        bash.environment().put("SYNCLINE_CLIENT_PLATFORM_URL", platformUrl);
        return bash.start();
    }

    private static String said(Path folder) {
        var said = new StringBuilder();
        for (var file : new String[] {"output.txt", "plans/service.log"}) {
            try {
                said.append(file).append(":\n").append(Files.readString(folder.resolve(file)));
            } catch (IOException absent) {
                said.append("cannot be read\n");
            }
        }
        return said.toString();
    }

    private static String port(String address) {
        return address.substring(address.indexOf(':') + 1);
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
