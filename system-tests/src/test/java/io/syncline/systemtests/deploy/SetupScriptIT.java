package io.syncline.systemtests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.syncline.systemtests.Cluster;
import io.syncline.systemtests.api.PlatformApi;
import io.syncline.systemtests.process.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The script by which the compose file makes the clients of its services, against a real platform. */
@ExtendWith(Cluster.Shared.class)
class SetupScriptIT {

    @Test
    void makesEachClientOnceAndKeepsItsSecret(Cluster cluster, @TempDir Path clients)
            throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")), "curl is not installed");

        assertThat(setUp(cluster, clients)).isZero();
        var secret = Files.readString(clients.resolve("prometheus/client-secret"));
        assertThat(setUp(cluster, clients)).isZero();

        assertThat(Files.readString(clients.resolve("prometheus/client-secret")))
                .isEqualTo(secret);
        assertThat(clients.resolve("data-provider/syncline.client.client-secret"))
                .isNotEmptyFile();
        assertThat(clients.resolve("portal-data/syncline.portal.data.client-secret"))
                .isNotEmptyFile();
        assertThat(clients.resolve("data-consumer/syncline.client.client-secret"))
                .isNotEmptyFile();
        assertThat(new PlatformApi(cluster.publicUrl(), "prometheus", secret)
                        .get("/actuator/prometheus")
                        .expect(200)
                        .text())
                .contains("syncline_build_info");
    }

    private static int setUp(Cluster cluster, Path clients) throws IOException, InterruptedException {
        var secret = clients.resolveSibling(clients.getFileName() + "-secret");
        Files.writeString(secret, cluster.adminSecret());
        var script = new ProcessBuilder("sh", "deploy/compose/setup.sh")
                .directory(Project.root().toFile())
                .inheritIO();
        script.environment().put("PLATFORM", cluster.publicUrl());
        script.environment().put("CLIENTS", clients.toString());
        script.environment().put("SETUP_CLIENT", cluster.admin());
        script.environment().put("BOOTSTRAP_SECRET_FILE", secret.toString());
        try {
            var process = script.start();
            return process.waitFor(60, TimeUnit.SECONDS) ? process.exitValue() : -1;
        } finally {
            Files.delete(secret);
        }
    }
}
