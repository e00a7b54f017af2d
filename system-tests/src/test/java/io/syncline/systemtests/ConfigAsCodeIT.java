package io.syncline.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.systemtests.RecordingDownstream.Reply;
import io.syncline.systemtests.api.Answer;
import io.syncline.systemtests.api.PlatformApi;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Configuration as files on two nodes: planned on the one, applied on the other, while runs go on. */
@ExtendWith(Cluster.Shared.class)
class ConfigAsCodeIT {

    private static final String KEY = "config-as-code";
    private static final Duration SOON = Duration.ofSeconds(10);

    @Test
    void whatOneNodePlansTheOtherAppliesAndRunsKeepTheVersionTheyBeganWith(Cluster cluster) {
        var first = cluster.platform();
        var second = cluster.secondNode();
        try (var downstream = cluster.downstream(KEY)) {
            var finish = new AtomicBoolean();
            downstream.answers(call -> finish.get() ? Reply.completed() : Reply.status(202));
            var one = files(downstream.url(), "/one");
            var two = files(downstream.url(), "/two");

            var applied = apply(second, one, planHash(first, one)).expect(200).json();
            assertThat(applied.at("/summary/create").intValue()).isEqualTo(2);
            var oldRun = start(first, "old");
            await("the run is under way").atMost(SOON).until(() -> calls(downstream, "/one") > 0);

            var plan = plan(second, two).expect(200).json();
            assertThat(plan.at("/items/1/changes")).singleElement().satisfies(change -> {
                assertThat(change.path("pointer").asString()).isEqualTo("/tasks/0/path");
                assertThat(change.path("before").asString()).isEqualTo("/one");
                assertThat(change.path("after").asString()).isEqualTo("/two");
            });
            assertThat(plan.at("/items/1/warnings/0").asString()).isEqualTo("1 active run keeps version 1");
            assertThat(apply(first, one, plan.path("planHash").asString()).status())
                    .isEqualTo(412);
            apply(first, two, plan.path("planHash").asString()).expect(200);
            // the plan has been carried out: it is no longer what would happen
            assertThat(apply(second, two, plan.path("planHash").asString()).status())
                    .isEqualTo(412);

            var newRun = start(second, "new");
            await("the new run calls where its version says").atMost(SOON).until(() -> calls(downstream, "/two") > 0);
            var before = calls(downstream, "/one");
            await("the old one goes on where it began").atMost(SOON).until(() -> calls(downstream, "/one") > before);
            assertThat(first.run(oldRun).path("groupVersion").intValue()).isEqualTo(1);
            assertThat(first.run(newRun).path("groupVersion").intValue()).isEqualTo(2);

            var export = first.get("/api/v1/config/export").expect(200).text();
            assertThat(second.get("/api/v1/config/export").expect(200).text()).isEqualTo(export);
            var own =
                    second.get("/api/v1/config/export?label=" + KEY).expect(200).text();
            assertThat(plan(second, own)
                            .expect(200)
                            .json()
                            .at("/summary/unchanged")
                            .intValue())
                    .isEqualTo(2);
            assertThat(first.get("/api/v1/groups/" + KEY)
                            .json()
                            .at("/status/managedBy")
                            .asString())
                    .isEqualTo("files");

            finish.set(true);
            await("both have ended").atMost(SOON).until(() -> ended(first, oldRun) && ended(first, newRun));
        }
    }

    private static String files(String url, String path) {
        return """
                apiVersion: syncline/v1
                kind: TaskGroup
                key: %1$s
                labels: [%1$s]
                tasks:
                  - {key: work, system: %1$s, path: %3$s, interval: PT0.3S}
                ---
                apiVersion: syncline/v1
                kind: System
                key: %1$s
                labels: [%1$s]
                instances: ["%2$s"]
                """.formatted(KEY, url, path);
    }

    private static long calls(RecordingDownstream downstream, String path) {
        return downstream.calls().stream()
                .filter(call -> call.path().equals(path))
                .count();
    }

    private static String start(PlatformApi platform, String businessKey) {
        return platform.post("/api/v1/groups/" + KEY + "/start", Map.of("reason", "to see", "businessKey", businessKey))
                .expect(202)
                .json()
                .at("/runs/0/runId")
                .asString();
    }

    private static boolean ended(PlatformApi platform, String runId) {
        return platform.run(runId).path("state").asString().equals("COMPLETED");
    }

    private static String planHash(PlatformApi platform, String files) {
        return plan(platform, files).expect(200).json().path("planHash").asString();
    }

    private static Answer plan(PlatformApi platform, String files) {
        return send(platform, "/api/v1/config/plan", files);
    }

    private static Answer apply(PlatformApi platform, String files, String planHash) {
        return send(platform, "/api/v1/config/apply?reason=release&planHash=" + planHash, files);
    }

    private static Answer send(PlatformApi platform, String path, String files) {
        return platform.send(
                "POST", path, Map.of("Content-Type", "application/yaml"), files.getBytes(StandardCharsets.UTF_8));
    }
}
